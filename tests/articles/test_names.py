"""Changes of names: readers see the new name wherever the old one stood, and what was signed stays as it is."""

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from advisors.models import Review
from articles.drafting import record
from articles.exceptions import InvalidTransition, NotPermitted
from articles.models import Article, Author, Byline, NameChange, Signatory, SignedName
from articles.models.names import new_commitment
from articles.names import changes
from articles.names.commitments import commitment
from audit import integrity
from core.redirects.models import Redirect
from tests import newsroom
from tests.cached_worker import transaction_ends

HOW = "Called her at the number on the institute’s website."


@pytest.fixture
def article(cast) -> Article:
    return newsroom.published(cast)


def renamed(person, actor, by, name: str) -> None:
    transaction_ends()
    changes.confirm(change=changes.ask(person=person, actor=actor, name=name)[0], actor=by, how=HOW)


def faults() -> list[str]:
    return [str(fault) for fault in integrity.faults()]


def public_pages(article: Article) -> str:
    """Return what readers get of the article, its record, its people, the homepage and the feeds."""
    browser = Client()
    author, advisor = Author.objects.get(), Signatory.objects.first().user.advisor
    addresses = [
        reverse("website:home"),
        reverse("website:article", args=[article.slug]),
        reverse("website:record", args=[article.slug]),
        reverse("website:version", args=[article.slug, "1"]),
        reverse("website:author", args=[author.slug]),
        reverse("experts:experts"),
        reverse("experts:expert", args=[advisor.slug]),
        reverse("website:feed_atom"),
        reverse("website:feed_json"),
        reverse("website:search") + "?q=magnesium",
        "/sitemap.xml",
    ]
    pages = []
    for address in addresses:
        response = browser.get(address, follow=True)
        assert response.status_code == 200, address
        pages.append(b"".join(response).decode() if response.streaming else response.content.decode())
    return "\n".join(pages)


def test_a_commitment_is_the_hash_of_domain_salt_and_name():
    assert commitment("00" * 16, "Ada") == "2ccf5f6d9e1d7e686d9aff3af91463b035276d18ba2de920ef61fe01237f4e4a"


def test_readers_see_the_new_name_of_an_advisor_everywhere_and_the_old_one_nowhere(cast, article):
    ada = cast.advisors[0].user
    before = public_pages(article)
    assert "Dr Ada" in before
    renamed(ada, ada, cast.admin, "Dr Zelda Quill")
    after = public_pages(article)
    assert "Zelda Quill" in after and "Dr Ada" not in after and "Ada, PhD" not in after
    assert "/experts/ada/" not in after
    assert faults() == []


def test_readers_see_the_new_name_of_an_author_everywhere_and_the_old_one_nowhere(cast, article):
    digest = article.head().digest
    assert "Wanda Writer" in public_pages(article)
    renamed(cast.writer, cast.writer, cast.editor, "Zelda Quill")
    after = public_pages(article)
    assert "Zelda Quill" in after and "Wanda" not in after
    article.refresh_from_db()
    assert article.head().digest == digest and article.stage == "published"
    assert faults() == []


def test_the_former_address_of_a_profile_leads_to_the_new_one_without_a_word(cast, article):
    ada = cast.advisors[0].user
    renamed(ada, ada, cast.admin, "Dr Zelda Quill")
    response = Client().get("/experts/ada/")
    assert response.status_code == 301 and response["Location"] == "/experts/dr-zelda-quill/"
    assert b"Ada" not in response.content
    assert Redirect.objects.filter(from_path="/experts/ada/").exists()


def test_a_change_of_a_name_is_no_change_of_the_text(cast, article):
    renamed(cast.writer, cast.writer, cast.editor, "Zelda Quill")
    article.refresh_from_db()
    assert record(article=article, actor=cast.writer) is None
    article.refresh_from_db()
    assert article.stage == "published"


def test_the_next_revision_is_under_the_new_name(cast, article):
    renamed(cast.writer, cast.writer, cast.editor, "Zelda Quill")
    newsroom.rewrite(cast, Article.objects.get(), title="Another title")
    signed = article.head().bylines.get().signed_name
    assert (signed.name, signed.shown_as) == ("Zelda Quill", None)


def test_a_name_changes_again_and_back(cast, article):
    ada = cast.advisors[0].user
    for name in ("Dr Zelda Quill", "Dr Zora Quist", "Dr Ada"):
        renamed(ada, ada, cast.admin, name)
        assert Signatory.objects.get(user=ada).name == name
    assert SignedName.objects.filter(account=ada, name="Dr Ada").count() == 2
    assert faults() == []


def test_an_advisor_who_was_renamed_can_go_on_signing(cast):
    ada = cast.advisors[0].user
    article = newsroom.in_review(cast)
    newsroom.verdict(Review.objects.get(advisor__user=ada))
    renamed(ada, ada, cast.admin, "Dr Zelda Quill")
    newsroom.verdict(Review.objects.get(advisor=cast.advisors[1]))
    article.refresh_from_db()
    assert article.stage == "approved"
    assert {row.name for row in Signatory.objects.all()} == {"Dr Zelda Quill", "Dr Ben"}
    assert faults() == []


def test_a_request_changes_nothing_before_it_is_confirmed_or_when_it_is_declined(cast, article):
    ada = cast.advisors[0].user
    (change,) = changes.ask(person=ada, actor=ada, name="Dr Zelda Quill")
    assert "Zelda" not in public_pages(article)
    changes.decline(change=change, actor=cast.admin)
    assert Signatory.objects.get(user=ada).name == "Dr Ada"
    with pytest.raises(InvalidTransition, match="decided on this change already"):
        changes.confirm(change=change, actor=cast.admin, how=HOW)


def test_whoever_asked_takes_it_back_and_can_ask_again(cast, article):
    ada = cast.advisors[0].user
    (change,) = changes.ask(person=ada, actor=ada, name="Dr Zelda Quill")
    with pytest.raises(InvalidTransition, match="waiting"):
        changes.ask(person=ada, actor=ada, name="Dr Zora Quist")
    changes.decline(change=change, actor=ada)
    assert len(changes.ask(person=ada, actor=ada, name="Dr Zora Quist")) >= 1
    with pytest.raises(NotPermitted):
        changes.decline(change=NameChange.objects.waiting().first(), actor=cast.writer)


def test_a_name_that_somebody_took_back_or_was_declined_is_not_replaced(cast, article):
    ada = cast.advisors[0].user
    for name, by in (("Dr Zelda Quill", ada), ("Dr Zora Quist", cast.admin)):
        (change,) = changes.ask(person=ada, actor=ada, name=name)
        changes.decline(change=change, actor=by)
    (change,) = changes.ask(person=ada, actor=ada, name="Dr Adele Quay")
    assert change.before.name == "Dr Ada"
    changes.confirm(change=change, actor=cast.admin, how=HOW)
    assert Signatory.objects.get(user=ada).name == "Dr Adele Quay"
    (again,) = changes.ask(person=ada, actor=ada, name="Dr Zelda Quill")
    assert again.before.name == "Dr Adele Quay"
    changes.confirm(change=again, actor=cast.admin, how=HOW)
    assert Signatory.objects.get(user=ada).name == "Dr Zelda Quill"
    assert faults() == []


@pytest.fixture
def two_names(cast, article) -> list[NameChange]:
    """A request of the writer, who has written under two names."""
    Author.objects.update(name="Wanda Wright")
    newsroom.rewrite(cast, Article.objects.get(), title="Another title")
    asked = changes.ask(person=cast.writer, actor=cast.writer, name="Zelda Quill")
    assert [change.before.name for change in asked] == ["Wanda Writer", "Wanda Wright"]
    return asked


def test_one_confirmation_changes_all_names_of_a_request(cast, two_names):
    changes.confirm(change=two_names[1], actor=cast.editor, how=HOW)
    assert not NameChange.objects.waiting().exists()
    assert {byline.name for byline in Byline.objects.all()} == {"Zelda Quill"}
    assert Author.objects.get().name == "Zelda Quill"
    assert faults() == []


def test_one_answer_declines_all_names_of_a_request(cast, two_names):
    changes.decline(change=two_names[0], actor=cast.editor)
    assert not NameChange.objects.waiting().exists()
    assert {byline.name for byline in Byline.objects.all()} == {"Wanda Writer", "Wanda Wright"}


def test_the_page_of_the_decision_shows_all_names_of_a_request(cast, two_names):
    browser = Client()
    browser.force_login(cast.editor)
    page = browser.get(reverse("admin:articles_name_decide", args=[two_names[0].pk])).content.decode()
    assert "<dd>Wanda Writer</dd>" in page and "<dd>Wanda Wright</dd>" in page


def test_a_person_with_two_names_has_one_request_at_a_time(cast, two_names):
    with pytest.raises(InvalidTransition, match="waiting"):
        changes.ask(person=cast.writer, actor=cast.writer, name="Wanda Writer")


@pytest.mark.parametrize("name", ["", " \n", "x" * 121])
def test_a_name_is_one_line_of_words(cast, article, name):
    with pytest.raises(InvalidTransition):
        changes.ask(person=cast.writer, actor=cast.writer, name=name)


@pytest.mark.parametrize("code", [0x202E, 0x2066, 0x200B, 0x200F, 0xFEFF])
def test_a_name_with_a_character_that_cannot_be_seen_is_refused(cast, article, code):
    with pytest.raises(InvalidTransition, match=r"characters that cannot be seen\. Type it again"):
        changes.ask(person=cast.writer, actor=cast.writer, name=f"Zelda{chr(code)} Quill")


def test_somebody_who_asks_for_the_name_that_they_have_is_told_so(cast, article):
    for person in (cast.writer, cast.advisors[0].user):
        name = changes.names_of(person).live().get().name
        with pytest.raises(InvalidTransition, match=r"^This is your name already\.$"):
            changes.ask(person=person, actor=person, name=f" {name}")


def test_an_editor_asks_for_an_author_without_account(cast):
    cast.author.user = None
    cast.author.save()
    article = newsroom.published(cast)
    (change,) = changes.ask(person=cast.author, actor=cast.editor, name="Zelda Quill")
    changes.confirm(change=change, actor=cast.admin, how=HOW)
    assert article.head().bylines.get().name == "Zelda Quill"
    assert Author.objects.get().slug == "zelda-quill"
    assert faults() == []


def test_an_edited_profile_does_not_reach_what_was_signed(cast, article):
    Author.objects.update(name="Prof Famous")
    assert article.head().bylines.get().name == "Wanda Writer"


def test_two_people_with_one_name_have_different_commitments():
    assert new_commitment("Ada")["commitment"] != new_commitment("Ada")["commitment"]


@pytest.mark.parametrize("answer", ["decline", "confirm"])
def test_an_editor_who_answers_at_the_same_moment_as_another_is_told(article, cast, answer):
    ada = cast.advisors[0].user
    (change,) = changes.ask(person=ada, actor=ada, name="Dr Ada Wren")
    browser = Client()
    browser.force_login(cast.editor)

    def answered_by_another(execute, sql, params, many, context):
        found = execute(sql, params, many, context)
        if sql.startswith("SELECT") and 'FROM "articles_namechange"' in sql and not raced:
            raced.append(sql)
            changes.decline(change=change, actor=cast.admin)
        return found

    raced: list[str] = []
    with connection.execute_wrapper(answered_by_another):
        address = reverse("admin:articles_name_decide", args=[change.pk])
        response = browser.post(address, {"answer": answer, "how": HOW})

    assert response.status_code == 409
    assert NameChange.objects.get(pk=change.pk).decision.decided_by == cast.admin
