"""What somebody types into an article's form is kept before they save it: for them alone, and outside the revisions."""

import json
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from advisors.personal_data import erasing
from articles.admin.unsaved import unsaved_rows
from articles.exceptions import NotPermitted
from articles.models import Article, Autosave, Revision
from articles.open_forms import autosaves
from jobs import registry
from tests import newsroom
from tests.admin_forms import article_form

WORDS = {"title": "Typed", "body": "<p>Nul \x00 and \ud800 half a pair.</p>"}


@pytest.fixture
def article(cast) -> Article:
    return newsroom.draft(cast)


def keep(cast, article, fields=WORDS, actor=None, window="w1", seen="", base=1, begun="") -> Autosave | None:
    return autosaves.keep(
        article=article,
        actor=actor or cast.writer,
        window=window,
        seen=seen,
        base=base,
        fields=fields,
        begun=begun,
    )


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def address(article: Article | None) -> str:
    if article is None:
        return reverse("admin:articles_article_autosave_new")
    return reverse("admin:articles_article_autosave", args=[article.pk])


def post(client, article, fields=WORDS, **values):
    data = {"fields": json.dumps(fields), "base": "1", "window": "w1", **values}
    return client.post(address(article), data)


def test_what_is_typed_comes_back_as_it_was_and_makes_no_revision(cast, article):
    before = Revision.objects.count(), article.version
    writer = signed_in(cast.writer)
    answer = post(writer, article)
    assert (answer.status_code, len(answer.json()["digest"])) == (200, 64)
    copy = writer.get(address(article)).json()["copy"]
    assert (copy["fields"], copy["base"], copy["window"]) == (WORDS, 1, "w1")
    assert 0 <= copy["age"] < 60
    article.refresh_from_db()
    assert (Revision.objects.count(), article.version) == before


def test_nobody_else_gets_it_not_even_who_may_edit_everything(cast, article):
    keep(cast, article)
    for user in (cast.editor, cast.admin):
        assert signed_in(user).get(address(article)).json() == {"copy": None}
    for user in (cast.colleague, cast.outsider):
        assert signed_in(user).get(address(article)).status_code in (302, 404)
    page = signed_in(cast.editor).get(reverse("admin:articles_article_change", args=[article.pk]))
    assert "Nul " not in page.content.decode()


def test_without_a_title_it_is_listed_by_its_first_words(cast, article):
    body = f"<p>Nul \x00 and<sup data-cite='a'>1</sup> \ud800 half a pair, {'and so on ' * 20}</p>"
    keep(cast, article, {"title": " ", "body": body})
    assert Autosave.objects.get().title == "Nul and half a pair, and so on and so on and so on and so on"
    keep(cast, article, {"title": "", "body": "<p>&nbsp;</p>"})
    assert Autosave.objects.get().title == ""


def test_a_person_and_an_article_have_one_row_and_a_new_article_too(cast, article):
    for fields in ({"title": "One"}, {"title": "Two"}):
        keep(cast, article, fields)
        keep(cast, None, fields)
        keep(cast, article, fields, actor=cast.editor)
    assert Autosave.objects.count() == 3
    for of in (article, None):
        row = Autosave.objects.of(cast.writer, of).get()
        with pytest.raises(IntegrityError), transaction.atomic():
            row.pk = None
            row.save(force_insert=True)


def test_another_page_of_the_same_person_does_not_replace_it_unseen(cast, article):
    first = keep(cast, article, {"title": "On the laptop"}, window="laptop")
    phone = signed_in(cast.writer)
    answer = post(phone, article, {"title": "On the phone"}, window="phone")
    assert answer.status_code == 409
    assert answer.json()["copy"]["fields"] == {"title": "On the laptop"}
    assert post(phone, article, {}, window="phone").status_code == 409
    assert autosaves.kept(article=article, user=cast.writer) == first
    assert post(phone, article, {"title": "On the phone"}, window="phone", seen=first.digest).status_code == 200
    assert autosaves.kept(article=article, user=cast.writer).window == "phone"


def test_saving_the_form_deletes_what_its_page_has_kept_and_nothing_else(cast, article):
    keep(cast, article, window="mine")
    keep(cast, None, window="another")
    keep(cast, article, actor=cast.editor, window="mine")
    writer = signed_in(cast.writer)
    article_form(writer, article).send(writer, title="Saved", window="mine", _in_place="1")
    assert list(Autosave.objects.values_list("user__name", "window").order_by("user__name")) == [
        ("Editor", "mine"),
        ("Writer", "another"),
    ]
    keep(cast, article, window="of a script that has ended")
    article_form(writer, article).send(writer, title="Saved without a script")
    assert autosaves.kept(article=article, user=cast.writer) is not None


def test_saving_deletes_what_another_page_had_kept_once_it_was_taken_up(cast):
    elsewhere = keep(cast, None, window="laptop")
    writer = signed_in(cast.writer)
    begun = {"title": "Begun", "slug": "begun", "window": "phone", "taken_up": elsewhere.digest}
    article_form(writer).send(writer, **begun, _in_place="1")
    assert not Autosave.objects.exists()


def test_a_refused_save_deletes_nothing(cast, article):
    keep(cast, article, window="mine")
    writer = signed_in(cast.writer)
    article_form(writer, article).send(writer, slug="no address", window="mine", _in_place="1")
    assert autosaves.kept(article=article, user=cast.writer) is not None


def test_a_new_article_deletes_what_was_kept_of_it(cast):
    keep(cast, None, window="mine")
    writer = signed_in(cast.writer)
    article_form(writer).send(writer, title="Begun", slug="begun", window="mine", _in_place="1")
    assert not Autosave.objects.exists()


def test_what_is_typed_while_the_board_reads_the_text_is_kept_too(cast):
    article = newsroom.in_review(cast)
    assert post(signed_in(cast.writer), article).status_code == 200


def test_who_may_not_edit_the_article_keeps_nothing(cast, article):
    assert post(signed_in(cast.colleague), article).status_code == 404
    with pytest.raises(NotPermitted):
        keep(cast, article, actor=cast.colleague)
    with pytest.raises(NotPermitted):
        keep(cast, None, actor=cast.outsider)
    assert not Autosave.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"fields": ""},
        {"fields": "[]"},
        {"fields": '{"title": 1}'},
        {"fields": "[" * 100_000},
        {"base": "-1"},
        {"base": str(2**31)},
        {"base": "x"},
        {"window": ""},
        {"window": "w" * 41},
        {"window": "<script>"},
    ],
)
def test_what_makes_no_sense_is_refused(cast, article, wrong):
    data = {"fields": json.dumps(WORDS), "base": "1", "window": "w1", **wrong}
    assert signed_in(cast.writer).post(address(article), data).status_code == 400
    assert not Autosave.objects.exists()


def test_a_text_beyond_all_bounds_is_refused_and_what_was_kept_stays(cast, article, monkeypatch):
    keep(cast, article, {"title": "Short"})
    monkeypatch.setattr(autosaves, "MAX_CHARACTERS", 30)
    assert post(signed_in(cast.writer), article, {"title": "x" * 30}).status_code == 413
    assert json.loads(autosaves.kept(article=article, user=cast.writer).typed) == {"title": "Short"}


def test_what_nobody_has_touched_for_the_days_of_the_setting_is_deleted(cast, article, settings):
    settings.AUTOSAVE_DAYS = 10
    keep(cast, article)
    keep(cast, None)
    Autosave.objects.filter(article=None).update(saved_at=timezone.now() - timedelta(days=10, minutes=1))
    Autosave.objects.filter(article=article).update(saved_at=timezone.now() - timedelta(days=9, hours=23))
    assert autosaves.purge() == 1
    assert Autosave.objects.get().article == article
    assert "articles.purge_autosaves" in registry.names()


def test_erasing_a_person_deletes_what_they_have_typed(cast, article):
    keep(cast, article)
    keep(cast, article, actor=cast.editor)
    cast.writer.is_active = False
    cast.writer.save()
    other = newsroom.user("second", is_superuser=True, is_staff=True)
    erasure = erasing.ask(person=cast.writer, actor=cast.admin, reason="Asked by email.")
    record = erasing.carry_out(erasure=erasure, actor=other)
    assert record.erased["articles_autosave"] == 1
    assert [row.user for row in Autosave.objects.all()] == [cast.editor]


def test_keeping_costs_few_queries_however_much_was_kept_before(cast, article, django_assert_max_num_queries):
    writer = signed_in(cast.writer)
    post(writer, article)
    with django_assert_max_num_queries(14):
        post(writer, article, {"title": "Again"})
    with django_assert_max_num_queries(7):
        writer.get(address(article))


def test_each_new_article_that_is_begun_is_kept_by_itself_and_named_to_the_others(cast):
    keep(cast, None, {"title": "Zinc and colds"}, begun="first")
    keep(cast, None, {"title": "Iron and sleep"}, begun="second")
    keep(cast, None, {"title": "Of somebody else"}, begun="third", actor=cast.editor)
    new = address(None)
    answer = signed_in(cast.writer).get(f"{new}?begun=first").json()
    assert answer["copy"]["fields"] == {"title": "Zinc and colds"}
    assert [(one["begun"], one["title"]) for one in answer["others"]] == [("second", "Iron and sleep")]
    article_form(signed_in(cast.writer)).send(
        signed_in(cast.writer), title="Saved", slug="saved", window="another", _in_place="1"
    )
    assert Autosave.objects.begun_by(cast.writer).count() == 2
    assert signed_in(cast.writer).get(f"{new}?begun=<script>").status_code == 400


def test_a_title_that_a_database_refuses_is_kept_without_the_characters(cast):
    row = keep(cast, None, {"title": "Nul \x00 and \ud800 half"}, begun="odd")
    row.refresh_from_db()
    assert row.title.split() == ["Nul", "and", "half"]


def test_what_is_not_saved_is_on_the_dashboard_and_in_the_search_of_its_person_alone(
    cast, article, django_assert_num_queries
):
    keep(cast, None, {"title": "Zinc and colds"}, begun="first")
    keep(cast, article, {"standfirst": "Typed"})
    rows = unsaved_rows(cast.writer)
    assert [title for title, _address, _note in rows] == [article.title, "Zinc and colds"]
    assert rows[1][1].endswith("/add/?begun=first") and "never saved, typed" in rows[1][2]
    assert unsaved_rows(cast.editor) == []
    page = signed_in(cast.writer).get(reverse("admin:index")).content.decode()
    assert "Not saved yet" in page and "Zinc and colds" in page
    for number in range(12):
        keep(cast, None, {"title": f"Another {number}"}, begun=f"n{number}")
    writer = type(cast.writer).objects.get(pk=cast.writer.pk)
    writer.has_perm("articles.add_article")
    with django_assert_num_queries(1):
        assert len(unsaved_rows(writer)) == 14


def test_the_comparison_shows_only_the_passages_that_differ(cast):
    paragraphs = [f"<p>Passage number {number} of the text.</p>" for number in range(30)]
    now, unsaved = "".join(paragraphs), "".join([*paragraphs[:29], "<p>Passage number 29 was typed anew.</p>"])
    texts = [{"name": "body", "label": "Body", "now": now, "unsaved": unsaved}]
    compare = reverse("admin:articles_article_autosave_differences")
    answer = signed_in(cast.writer).post(compare, {"texts": json.dumps(texts)})
    page = answer.content.decode()
    assert answer.status_code == 200 and "<ins" in page and "28 unchanged paragraphs" in page
    for wrong in ("", "{}", '[{"name": 1}]', "[" * 100_000, "[[]]"):
        assert signed_in(cast.writer).post(compare, {"texts": wrong}).status_code == 400
