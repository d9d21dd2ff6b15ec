"""The source library in the admin: the list, the panels beside a source, and the page on which two are merged."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from articles import drafting, workflow
from articles.cited_sources import merging
from sources.models import Link, LinkAnswer, RetractionNotice, Source, SourceLookup
from tests import newsroom
from tests.admin_forms import form_of

LIST = reverse("admin:sources_source_changelist")


def place(source, page: str = "change") -> str:
    return reverse(f"admin:sources_source_{page}", args=[source.pk])


@pytest.fixture
def editor(cast, client):
    client.force_login(cast.editor)
    return client


@pytest.fixture
def twin(cast):
    return newsroom.source("twin2020", doi="", pmid="123", volume="7", title="A trial called doe2020")


def listed(client, **query) -> list[str]:
    return sorted(row.key for row in client.get(LIST, query).context["cl"].result_list)


# The form


def test_a_new_source_needs_no_key(cast, editor):
    form = form_of(editor.get(reverse("admin:sources_source_add")), "source_form")
    form.send(editor, title="A cohort", authors="Doe, Jane", year="2020", evidence="cohort", doi="10.1000/cohort")
    source = Source.objects.get(doi="10.1000/cohort")
    assert (source.key, source.created_by, source.history.get().history_user) == ("doe2020a", cast.editor, cast.editor)


def test_what_matters_stands_first_and_the_key_last(cast, editor):
    page = editor.get(reverse("admin:sources_source_add")).content.decode()
    names = ("title", "authors", "container", "year", "evidence", "doi", "accessed_on", "volume", "archived_url", "key")
    places = [page.index(f'name="{name}"') for name in names]
    assert places == sorted(places)
    assert "reported_retraction" not in page
    assert "reported_retraction" in editor.get(place(cast.source)).content.decode()


def test_the_key_of_a_source_that_is_there_is_never_left_empty(cast, editor):
    form = form_of(editor.get(place(cast.source)), "source_form")
    assert form.send(editor, key="").context["errors"]
    cast.source.refresh_from_db()
    assert cast.source.key == "doe2020"


# The list


@pytest.mark.parametrize("words", ["twin2020", "PMC99", "9780190246556", "J Twins", "example.org/twin"])
def test_a_source_is_found_by_what_people_know_of_it(cast, twin, editor, words):
    facts = {"pmcid": "PMC99", "isbn": "9780190246556", "container_short": "J Twins", "url": "https://example.org/twin"}
    Source.objects.filter(pk=twin.pk).update(**facts)
    assert listed(editor, q=words) == ["twin2020"]


def test_the_list_is_narrowed_by_where_it_is_cited(cast, twin, editor):
    newsroom.published(cast)
    assert listed(editor, cited="live") == listed(editor, cited="yes") == ["doe2020"]
    assert listed(editor, cited="no") == ["twin2020"]


def test_the_list_is_narrowed_by_what_the_address_answers(cast, twin, editor):
    for key, state in (("dead1", "dead"), ("fine1", "alive"), ("new1", "")):
        newsroom.source(key, url=f"https://example.org/{key}")
        Link.objects.create(url=f"https://example.org/{key}", state=state)
    newsroom.source("never1", url="https://example.org/never")
    assert listed(editor, link="dead") == ["dead1"]
    assert listed(editor, link="alive") == ["fine1"]
    assert listed(editor, link="unknown") == ["never1", "new1"]
    assert listed(editor, link="none") == ["doe2020", "twin2020"]


def test_a_merged_duplicate_is_out_of_sight_unless_it_is_asked_for(cast, twin, editor):
    merging.merge(duplicate=twin, into=cast.source, actor=cast.editor)
    assert listed(editor) == ["doe2020"]
    assert listed(editor, merged="yes") == ["twin2020"]
    assert listed(editor, merged="all") == ["doe2020", "twin2020"]


def test_a_merged_duplicate_is_offered_nowhere(cast, twin, editor):
    merging.merge(duplicate=twin, into=cast.source, actor=cast.editor)
    picked = editor.get(reverse("admin:articles_pick_sources"), {"q": "doe2020"}).json()["sources"]
    assert [row["key"] for row in picked] == ["doe2020"]
    query = {"app_label": "articles", "model_name": "articlesource", "field_name": "source", "term": "20"}
    completed = editor.get(reverse("admin:autocomplete"), query).json()["results"]
    assert [row["text"] for row in completed] == [str(cast.source)]


# The panels beside a source


def test_the_page_says_where_a_source_is_used_and_since_when(cast, editor):
    article = newsroom.published(cast, title="Sleep, published")
    newsroom.rewrite(cast, article, title="Sleep, rewritten", body="<p>No source.</p>")
    (use,) = editor.get(place(cast.source)).context["uses"]
    assert (use.first, use.last, use.revisions, use.is_live, use.is_in_newest) == (1, 1, 1, True, False)
    assert use.since == article.revisions.get(number=1).created_at


def test_a_text_that_a_writer_may_not_open_is_neither_counted_nor_named(cast, client):
    client.force_login(cast.colleague)
    newsroom.draft(cast, title="Not for you")
    newsroom.rewrite(cast, newsroom.published(cast, title="For everybody"), title="A title to come")
    page = client.get(place(cast.source)).content.decode()
    assert "Used in 1 article<" in page and "For everybody" in page
    assert "Not for you" not in page and "A title to come" not in page


def test_notices_lookups_and_answers_stand_there_to_be_read(cast, editor):
    now, url = timezone.now(), "https://example.org/x"
    Source.objects.filter(pk=cast.source.pk).update(url=url)
    RetractionNotice.objects.create(
        said_by="crossref",
        record="1",
        nature="concern",
        doi=cast.source.doi,
        reason="Doubtful figures",
        recorded_at=now,
    )
    SourceLookup.objects.create(source=cast.source, asked="pubmed", asked_at=now, answer="failed", detail="Timed out")
    link = Link.objects.create(url=url, state="dead")
    LinkAnswer.objects.create(link=link, at=now, answers=False, status=404)
    page = editor.get(place(cast.source)).content.decode()
    for words in (
        "Expression of concern",
        "according to Crossref",
        "Doubtful figures",
        "PubMed: no answer",
        "status 404",
    ):
        assert words in page


def test_the_page_of_a_source_asks_no_more_however_much_is_used(cast, editor):
    def asked() -> int:
        editor.get(place(cast.source))
        with CaptureQueriesContext(connection) as queries:
            assert editor.get(place(cast.source)).status_code == 200
        return len(queries)

    newsroom.published(cast)
    link = Link.objects.create(url=cast.source.link)
    LinkAnswer.objects.create(link=link, at=timezone.now(), answers=True)
    few = asked()
    for _ in range(6):
        newsroom.published(cast)
        newsroom.draft(cast)
        LinkAnswer.objects.create(link=link, at=timezone.now(), answers=True)
    assert asked() == few <= 25


def test_uses_have_pages(cast, editor):
    for _ in range(22):
        newsroom.draft(cast, panel=0)
    assert len(editor.get(place(cast.source)).context["uses"]) == 20
    assert len(editor.get(place(cast.source), {"used": "2"}).context["uses"]) == 2
    assert len(editor.get(place(cast.source), {"used": "x"}).context["uses"]) == 20


@pytest.mark.parametrize(
    ("field", "typed", "kept"),
    [
        ("doi", " https://doi.org/10.1000/ABC ", "10.1000/abc"),
        ("pmid", "https://pubmed.ncbi.nlm.nih.gov/23853635/", "23853635"),
        ("pmcid", "https://pmc.ncbi.nlm.nih.gov/articles/PMC77/", "PMC77"),
        ("isbn", "978-0-19-024655-6", "9780190246556"),
        ("url", "example.org/a", "https://example.org/a"),
    ],
)
def test_identifiers_are_kept_bare_however_they_were_typed(cast, twin, editor, field, typed, kept):
    form_of(editor.get(place(twin)), "source_form").send(editor, **{field: typed})
    twin.refresh_from_db()
    assert getattr(twin, field) == kept


@pytest.mark.parametrize(
    ("field", "typed", "says"),
    [
        ("doi", "abc", "A DOI starts with"),
        ("pmid", "012", "A PMID is a whole number"),
        ("pmcid", "PMC", "A PMCID is"),
        ("isbn", "9780190246557", "The last digit of this ISBN does not match"),
        ("isbn", "12", "10 or 13 digits"),
        ("url", "javascript:alert(1)", "valid URL"),
    ],
)
def test_an_identifier_that_is_none_is_refused_in_words(cast, twin, editor, field, typed, says):
    page = form_of(editor.get(place(twin)), "source_form").send(editor, **{field: typed})
    assert says in page.content.decode()
    twin.refresh_from_db()
    assert getattr(twin, field) != typed


# Merging


def test_both_are_shown_field_by_field_and_merged_as_chosen(cast, twin, editor):
    Source.objects.filter(pk=twin.pk).update(title="The better title")
    draft = newsroom.draft(cast, body='<p>One.<sup data-cite="twin2020"></sup></p>')
    page = editor.get(place(twin, "merge"), {"into": "doe2020"})
    form = form_of(page, "/merge/")
    assert {name: value for name, (value, *_) in form.data.items() if name.startswith("take-")} == {
        "take-title": "kept",
        "take-volume": "duplicate",
        "take-pmid": "duplicate",
    }
    done = editor.post(form.address, form.put(**{"take-title": "duplicate", "take-volume": "kept"}).data, follow=True)
    twin.refresh_from_db()
    cast.source.refresh_from_db()
    assert twin.merged_into == cast.source
    assert (cast.source.title, cast.source.volume, cast.source.pmid) == ("The better title", "", "123")
    draft.refresh_from_db()
    assert "twin2020" not in draft.body
    assert f"in a new revision: “{draft}”" in done.content.decode()


def test_texts_that_were_left_are_listed_on_the_result_page(cast, twin, editor):
    draft = newsroom.draft(
        cast, title="Before the board", body='<p>17 minutes.<sup data-cite="doe2020 twin2020"></sup></p>'
    )
    drafting.rewrite(
        article=draft, actor=cast.writer, seen_version=draft.version, content={}, sources={twin: "the length of sleep"}
    )
    workflow.submit(article=draft, actor=cast.writer)
    merging.merge(duplicate=twin, into=cast.source, actor=cast.editor)
    page = editor.get(place(twin, "merge"))
    assert page.context["staying"] == [draft] and "Before the board" in page.content.decode()


def test_likely_sources_are_offered_to_merge_into(cast, twin, editor):
    assert "?into=doe2020" in editor.get(place(twin, "merge")).content.decode()


def test_a_merge_is_taken_back_on_its_page(cast, twin, editor):
    merging.merge(duplicate=twin, into=cast.source, actor=cast.editor)
    form_of(editor.get(place(twin, "merge")), "/unmerge/").send(editor)
    twin.refresh_from_db()
    assert twin.merged_into is None


@pytest.mark.parametrize(
    ("into", "status", "says"),
    [
        ("nobody1999", 404, "no source with the key"),
        ("twin2020", 409, "into itself"),
        ("old2020", 409, "was itself merged"),
    ],
)
def test_a_choice_that_cannot_be_is_refused_in_words(cast, twin, editor, into, status, says):
    old = newsroom.source("old2020")
    merging.merge(duplicate=old, into=cast.source, actor=cast.editor)
    for answer in (
        editor.get(place(twin, "merge"), {"into": into}),
        editor.post(place(twin, "merge"), {"into": into, "seen": "x"}),
    ):
        assert answer.status_code == status and says in answer.content.decode()


def test_what_was_changed_in_between_is_shown_again_and_not_merged(cast, twin, editor):
    form = form_of(editor.get(place(twin, "merge"), {"into": "doe2020"}), "/merge/")
    Source.objects.filter(pk=twin.pk).update(volume="8")
    answer = editor.post(form.address, form.data)
    assert answer.status_code == 409 and "has changed since you chose" in answer.content.decode()
    assert not Source.objects.exclude(merged_into=None).exists()


def test_values_that_do_not_fit_together_come_back_with_the_reason(cast, twin, editor):
    Source.objects.filter(pk=twin.pk).update(work="web_page", url="https://example.org/")
    form = form_of(editor.get(place(twin, "merge"), {"into": "doe2020"}), "/merge/")
    answer = editor.post(form.address, form.put(**{"take-work": "duplicate", "take-url": "duplicate"}).data)
    assert answer.status_code == 409 and "on which day this page was read" in answer.content.decode()


@pytest.mark.parametrize("person", ["writer", "colleague", "advisor1", "outsider"])
def test_merging_is_for_editors(cast, twin, client, person):
    client.force_login(cast.everybody[person])
    for page in ("merge", "unmerge"):
        answers = [client.post(place(twin, page), {"into": "doe2020"})]
        answers += [client.get(place(twin, page), {"into": "doe2020"})] if page == "merge" else []
        assert {answer.status_code for answer in answers} <= {302, 403}
    assert not Source.objects.exclude(merged_into=None).exists()


def test_a_writer_is_not_offered_to_merge(cast, twin, client):
    client.force_login(cast.writer)
    assert "/merge/" not in client.get(place(twin)).content.decode()


@pytest.mark.parametrize("number", ["0", "99999999999999999999999", "x"])
def test_a_source_that_is_not_there_is_not_found(cast, editor, number):
    assert editor.get(reverse("admin:sources_source_merge", args=[number])).status_code == 404
