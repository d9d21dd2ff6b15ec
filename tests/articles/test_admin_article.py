"""The article's form in the admin: who gets it, what it saves, and which forged requests it refuses."""

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse
from django.utils import timezone

from accounts.roles import WRITERS
from advisors.models import PanelMember, Review
from articles.models import Article, ArticleSource, Author, Authorship, Recommendation, Revision
from products.models import Product
from tests import newsroom
from tests.admin_forms import address, article_form, form_of

TITLE = "Of quokkas and magnesium"
LIST = reverse("admin:articles_article_changelist")
VERBS = ("submit", "renew", "recall", "request_changes", "publish", "schedule", "unschedule", "withdraw", "reinstate")


def addresses(article: Article) -> list[str]:
    """Return every address of the admin for one article."""
    parts = ("change/", "history/", "delete/", "revision/1/", *(f"do/{verb}/" for verb in VERBS))
    return [f"{LIST}{article.pk}/{part}" for part in parts]


def page(client, article: Article) -> str:
    return client.get(address(article)).content.decode()


def test_an_article_of_somebody_else_and_one_that_there_is_not_are_told_in_the_same_words(client, cast):
    hidden = newsroom.draft(cast)
    client.force_login(cast.colleague)
    said = []
    for key in (hidden.pk, hidden.pk + 1000):
        answer = client.get(reverse("admin:articles_article_change", args=[key]), follow=True)
        said.append([str(message) for message in answer.context["messages"]])
    assert said[0] == said[1] == ["There is no such article, or you may not open it. Ask an editor."]


@pytest.fixture
def product(db) -> Product:
    return Product.objects.create(name="Sleep Gummies", slug="sleep-gummies")


@pytest.fixture
def writing(client, cast):
    """Return the client of the writer, signed in."""
    client.force_login(cast.writer)
    return client


@pytest.fixture
def editing(client, cast):
    """Return the client of the editor, signed in."""
    client.force_login(cast.editor)
    return client


def test_a_writer_begins_an_article(writing, cast):
    answer = article_form(writing).send(writing, title=TITLE, slug="quokkas", body="<p>They nap.</p>")
    article = Article.objects.get()

    assert answer.status_code == 302
    assert (article.slug, article.title, article.created_by) == ("quokkas", TITLE, cast.writer)
    assert (article.stage, article.version, article.saved_by) == ("draft", 1, cast.writer)
    assert article.revisions.get().body == "<p>They nap.</p>"


def test_the_byline_of_a_new_article_is_its_writers_own(writing, cast):
    article_form(writing).send(writing, title=TITLE, slug="quokkas")

    assert [row.author for row in Authorship.objects.all()] == [cast.author]
    assert Revision.objects.get().bylines.get().name == "Wanda Writer"


def test_a_byline_that_was_chosen_is_left_as_it_is(writing, cast):
    other = Author.objects.create(name="Otto Other", slug="otto-other")
    article_form(writing).add_row("authorships", author=other.pk).send(writing, title=TITLE, slug="quokkas")

    assert [row.author for row in Authorship.objects.all()] == [other]


def test_an_edit_makes_the_next_revision(writing, cast):
    article = newsroom.draft(cast)
    article_form(writing, article).send(writing, title=TITLE)

    assert article.revisions.first().number == 2
    assert article.revisions.first().title == TITLE
    assert article.revisions.last().title == "Magnesium and sleep"


def test_saving_what_has_not_changed_makes_no_revision_and_says_so(writing, cast):
    article = newsroom.draft(cast, key_messages="One.\nTwo.", safety_note="<p>Ask first.</p>\n<p>Then.</p>")
    answer = article_form(writing, article).send(writing, _continue="")

    assert article.revisions.count() == 1
    assert "no new revision was made" in writing.get(answer.url).content.decode()


def test_a_text_that_comes_back_as_the_editor_breaks_its_lines_is_as_it_was(writing, cast):
    article = newsroom.draft(cast, body="<p>One.</p><ul><li>Two.</li></ul>", safety_note="<p>Ask.</p>\n<p>Then.</p>")
    article_form(writing, article).send(
        writing,
        body="<p>One.</p>\n\n<ul>\n\t<li>Two.</li>\n</ul>\n",
        safety_note="<p>Ask.</p>\n\n<p>Then.</p>\n",
    )

    assert article.revisions.count() == 1


def test_a_title_stays_one_line_whatever_is_pasted_into_it(writing, cast):
    article = newsroom.draft(cast)
    article_form(writing, article).send(writing, title="Of quokkas\nand sleep")

    assert article.head().title == "Of quokkas and sleep"


def test_a_typed_citation_becomes_a_mark(writing, cast):
    article = newsroom.draft(cast)
    body = "<p>Longer by 17 minutes [@doe2020].</p>"
    article_form(writing, article).send(writing, body=body, safety_note="<p>Ask [@doe2020]</p>")
    revision = article.head()

    assert revision.body == '<p>Longer by 17 minutes <sup data-cite="doe2020"></sup>.</p>'
    assert revision.safety_note == '<p>Ask <sup data-cite="doe2020"></sup></p>'
    assert revision.citations.get().source == cast.source


def test_a_source_put_at_hand_in_the_form_is_cited_by_the_same_save(writing, cast):
    article, other = newsroom.draft(cast), newsroom.source("roe2021")
    form = article_form(writing, article).add_row("article_sources", source=other.pk)
    form.send(writing, body="<p>Two trials [@doe2020; roe2021].</p>")

    assert [row.key for row in article.head().citations.all()] == ["doe2020", "roe2021"]


def test_a_coauthor_edits_what_they_stand_for(client, cast):
    article = newsroom.draft(cast)
    second = Author.objects.create(name="Cora Author", slug="cora", user=cast.colleague)
    Authorship.objects.create(article=article, author=second, position=1)
    client.force_login(cast.colleague)
    article_form(client, article).send(client, title=TITLE)

    assert article.head().title == TITLE
    assert article.head().created_by == cast.colleague


def test_a_coauthor_does_not_lock_themselves_out(client, cast):
    article = newsroom.draft(cast)
    second = Author.objects.create(name="Cora Author", slug="cora", user=cast.colleague)
    Authorship.objects.create(article=article, author=second, position=1)
    client.force_login(cast.colleague)
    answer = article_form(client, article).send(client, **{"authorships-1-DELETE": "on", "title": TITLE})

    assert "take yourself off" in answer.content.decode()
    assert form_of(answer, "article_form").value("title") == TITLE
    assert article.authorships.count() == 2


def test_the_list_shows_writers_their_own_articles_only(client, cast):
    newsroom.draft(cast, title=TITLE)
    client.force_login(cast.colleague)

    for query in ("", "?q=quokkas", "?q=doe2020", "?stage__exact=draft", "?all="):
        assert TITLE not in client.get(LIST + query).content.decode()
    client.force_login(cast.writer)
    assert TITLE in client.get(LIST).content.decode()


@pytest.mark.parametrize("who", ["colleague", "advisor3", "outsider"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_nothing_of_an_article_leaks_to_those_who_are_not_of_it(client, cast, who, method):
    article = newsroom.in_review(cast, title=TITLE)
    client.force_login(cast.everybody[who])
    for place in addresses(article):
        answer = getattr(client, method)(place)
        assert answer.status_code in (302, 403, 404, 405), place
        assert TITLE not in answer.content.decode()
    assert TITLE not in client.get("/admin/").content.decode()


@pytest.mark.parametrize("who", ["advisor1", "outsider"])
def test_the_newsroom_is_closed_to_advisors_and_to_outsiders(client, cast, who):
    client.force_login(cast.everybody[who])

    assert client.get(LIST).status_code in (302, 403)
    assert client.get(address()).status_code in (302, 403)
    assert client.post(address(), {"title": TITLE, "slug": "quokkas"}).status_code in (302, 403)
    assert not Article.objects.exists()


def test_a_text_under_review_is_not_in_the_form(editing, cast):
    article = newsroom.in_review(cast)
    form = article_form(editing, article)

    assert not {"title", "slug", "body", "key_messages", "hero_alt"} & set(form.data)
    assert not [name for name in form.data if name.startswith(("authorships-0-author", "article_sources-0-source"))]


def test_a_form_opened_before_the_submission_is_refused_and_keeps_what_was_typed(writing, cast):
    article = newsroom.draft(cast)
    form = article_form(writing, article)
    newsroom.submit(cast, article)
    answer = form.send(writing, title=TITLE, body="<p>Typed for an hour.</p>")
    shown = form_of(answer, "article_form")

    assert "Nothing was saved" in answer.content.decode()
    assert (shown.value("title"), shown.value("body")) == (TITLE, "<p>Typed for an hour.</p>")
    assert Article.objects.get().title == "Magnesium and sleep"
    assert article.revisions.count() == 1


def test_a_stale_form_moves_no_source_and_no_byline_under_review(writing, cast):
    article = newsroom.draft(cast)
    form = article_form(writing, article)
    newsroom.submit(cast, article)
    form.put(**{"article_sources-0-DELETE": "on", "authorships-0-DELETE": "on"}).send(writing)
    for name in ("title", "slug"):
        del form.data[name]
    form.send(writing)

    assert (article.article_sources.count(), article.authorships.count()) == (1, 1)


def test_an_editor_recommends_products_while_the_board_reads(editing, cast, product):
    article = newsroom.in_review(cast)
    form = article_form(editing, article).add_row("recommendations", product=product.pk)

    assert form.send(editing).status_code == 302
    assert [row.product for row in article.recommendations.all()] == [product]
    assert article.revisions.count() == 1


def test_a_reviewer_whom_an_editor_adds_is_asked_at_once(editing, cast):
    article = newsroom.in_review(cast)
    article_form(editing, article).add_row("panel", advisor=cast.advisors[2].pk).send(editing)

    assert PanelMember.objects.get(advisor=cast.advisors[2]).confirmed
    assert Review.objects.get(advisor=cast.advisors[2]).invited_by == cast.editor


def test_a_reviewer_who_was_asked_stays_on_the_panel(editing, cast):
    article = newsroom.in_review(cast)
    answer = article_form(editing, article).send(editing, **{"panel-0-DELETE": "on"})

    assert "has been asked in the open round" in answer.content.decode()
    assert article.panel.count() == 2


def test_a_form_without_words_changes_no_word_once_the_review_has_ended(editing, cast):
    article = newsroom.in_review(cast)
    form = article_form(editing, article).add_row("panel", advisor=cast.advisors[2].pk)
    newsroom.verdict(article.submissions.get().reviews.first(), "changes")
    answer = form.send(editing)

    assert answer.status_code == 302
    assert article.panel.count() == 3
    assert Article.objects.get().title == "Magnesium and sleep"
    assert (article.authorships.count(), article.article_sources.count()) == (1, 1)


def test_a_writer_proposes_a_reviewer(writing, cast):
    article = newsroom.draft(cast, panel=0)
    article_form(writing, article).add_row("panel", advisor=cast.advisors[0].pk).send(writing)
    member = PanelMember.objects.get()

    assert (member.advisor, member.confirmed, member.proposed_by) == (cast.advisors[0], False, cast.writer)


def test_an_editors_choice_of_a_reviewer_is_decided(editing, cast):
    article = newsroom.draft(cast, panel=0)
    article_form(editing, article).add_row("panel", advisor=cast.advisors[0].pk).send(editing)

    assert PanelMember.objects.get().confirmed


def test_an_editor_decides_on_a_proposal(editing, cast):
    article = newsroom.draft(cast, panel=0)
    PanelMember.objects.create(article=article, advisor=cast.advisors[0], proposed_by=cast.writer)
    form_of(editing.get(address(article)), "/confirm/").send(editing, member=PanelMember.objects.get().pk)

    assert PanelMember.objects.get().confirmed


@pytest.mark.parametrize("row", ["panel-0", "panel-1"])
def test_a_writer_cannot_decide_by_a_forged_field(writing, cast, row):
    article = newsroom.draft(cast, panel=0)
    PanelMember.objects.create(article=article, advisor=cast.advisors[0], proposed_by=cast.writer)
    form = article_form(writing, article).add_row("panel", advisor=cast.advisors[1].pk)
    form.send(writing, **{f"{row}-confirmed": "on"})

    assert PanelMember.objects.count() == 2
    assert not PanelMember.objects.filter(confirmed=True).exists()


def test_a_writer_cannot_exchange_or_remove_a_reviewer(writing, cast):
    article = newsroom.draft(cast, panel=1)
    form = article_form(writing, article).put(**{"panel-INITIAL_FORMS": "1", "panel-TOTAL_FORMS": "1"})
    member = PanelMember.objects.get()
    forged = {"panel-0-id": member.pk, "panel-0-article": article.pk, "panel-0-advisor": cast.advisors[2].pk}
    form.send(writing, **forged)
    form.send(writing, **forged, **{"panel-0-DELETE": "on"})

    assert PanelMember.objects.get().advisor == cast.advisors[0]


@pytest.mark.parametrize("existing", [False, True])
def test_a_writer_cannot_recommend_a_product_by_a_forged_row(writing, cast, product, existing):
    article = newsroom.draft(cast)
    before = [Recommendation.objects.create(article=article, product=product, position=3)] if existing else []
    row = {"id": before[0].pk if before else "", "article": article.pk, "product": product.pk, "position": 9}
    forged = {f"recommendations-0-{name}": value for name, value in row.items()}
    form = article_form(writing, article).put(**forged, **{"recommendations-0-DELETE": "on" if existing else ""})
    form.send(writing, **{"recommendations-TOTAL_FORMS": "1", "recommendations-INITIAL_FORMS": str(len(before))})

    assert [row.position for row in Recommendation.objects.all()] == [3] * existing


@pytest.mark.parametrize("who", ["writer", "editor", "admin"])
def test_what_only_the_workflow_writes_cannot_be_posted(client, cast, who):
    article = newsroom.draft(cast)
    client.force_login(cast.everybody[who])
    forged = {"stage": "approved", "created_by": cast.colleague.pk, "version": 77, "saved_by": cast.colleague.pk}
    article_form(client, article).send(client, title=TITLE, **forged, saved_at="2020-01-01", created_at="2020-01-01")
    article.refresh_from_db()

    assert (article.title, article.stage, article.created_by) == (TITLE, "draft", cast.writer)
    assert (article.version, article.saved_by) == (2, cast.everybody[who])
    assert article.saved_at.year == article.created_at.year == timezone.now().year


def test_a_row_of_another_article_cannot_be_moved_here(writing, cast):
    mine, other = newsroom.draft(cast), newsroom.draft(cast)
    row = other.article_sources.get()
    article_form(writing, mine).send(writing, **{"article_sources-0-id": row.pk, "article_sources-0-supports": "hush"})

    assert ArticleSource.objects.get(pk=row.pk).supports == "the length of sleep"
    assert ArticleSource.objects.get(pk=row.pk).article == other


@pytest.mark.parametrize("who", ["writer", "colleague", "editor", "admin", "advisor1", "outsider"])
def test_nobody_deletes_an_article(client, cast, who):
    article = newsroom.draft(cast)
    client.force_login(cast.everybody[who])
    for method in ("get", "post"):
        answer = getattr(client, method)(f"{LIST}{article.pk}/delete/", {"post": "yes"})
        assert answer.status_code in ((302,) if who == "outsider" else (403, 404))
    client.post(LIST, {"action": "delete_selected", "_selected_action": [article.pk], "post": "yes"})

    assert Article.objects.filter(pk=article.pk).exists()


@pytest.mark.parametrize("who", ["writer", "editor", "admin"])
def test_no_bulk_action_deletes(client, cast, who):
    newsroom.draft(cast)
    client.force_login(cast.everybody[who])

    assert "delete" not in form_of(client.get(LIST), "changelist-form").data.get("action", "")
    assert "delete_selected" not in client.get(LIST).content.decode()


def test_the_address_that_readers_know_stays(editing, cast):
    article = newsroom.published(cast, title=TITLE)
    answer = article_form(editing, article).send(editing, slug="elsewhere", title="Typed")

    assert "has been published and cannot be changed" in answer.content.decode()
    assert form_of(answer, "article_form").value("title") == "Typed"
    assert Article.objects.get().slug == article.slug


def test_what_is_kept_of_a_save_in_the_admins_own_log_names_the_person(writing, cast):
    article = newsroom.draft(cast)
    article_form(writing, article).send(writing, title=TITLE)

    assert LogEntry.objects.get().user == cast.writer


def test_an_editor_who_is_no_writer_gets_no_byline(editing, cast):
    article_form(editing).send(editing, title=TITLE, slug="quokkas")

    assert not Authorship.objects.exists()


def test_somebody_who_loses_their_role_loses_the_form(client, cast):
    article = newsroom.draft(cast)
    client.force_login(cast.writer)
    cast.writer.groups.get(name=WRITERS).user_set.clear()

    assert client.get(address(article)).status_code == 302  # a change of role ends the session
    client.force_login(cast.writer)
    assert client.get(address(article)).status_code == 403
