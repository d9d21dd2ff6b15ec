"""The page on which an advisor asks for another name, and the pages on which editors decide."""

import pytest
from django.urls import reverse

from advisors.models import Advisor
from articles.models import Article, Author, Byline, NameChange, Signatory
from core import times
from tests import newsroom

NAME = reverse("board:name")
WAITING = reverse("admin:articles_names")


@pytest.fixture
def article(cast) -> Article:
    return newsroom.published(cast)


def test_an_advisor_asks_and_an_editor_confirms(client, cast, article):
    ada = cast.advisors[0].user
    client.force_login(ada)
    assert "Readers know you as Dr Ada." in client.get(NAME).content.decode()
    assert client.post(NAME, {"name": "Dr Zelda Quill"}).status_code == 302
    assert "you asked to be named Dr Zelda Quill" in client.get(NAME).content.decode()

    client.force_login(cast.admin)
    assert "Names to confirm" in client.get(reverse("admin:index")).content.decode()
    page = client.get(WAITING).content.decode()
    assert "from “Dr Ada” to “Dr Zelda Quill”" in page
    decide = reverse("admin:articles_name_decide", args=[NameChange.objects.get().pk])
    assert client.post(decide, {"answer": "confirm", "how": ""}).status_code == 400
    assert client.post(decide, {"answer": "confirm", "how": "Called the institute."}).status_code == 302
    assert Signatory.objects.get(user=ada).name == "Dr Zelda Quill"
    assert "No change of a name is waiting." in client.get(WAITING).content.decode()
    assert client.get(decide).status_code == 410


def test_the_page_says_that_the_biography_may_have_the_former_name(client, cast, article):
    client.force_login(cast.advisors[0].user)
    assert reverse("board:profile") not in client.get(NAME).content.decode()
    Advisor.objects.filter(pk=cast.advisors[0].pk).update(biography="Dr Ada reads trials.")
    page = client.get(NAME).content.decode()
    assert "Your text about yourself stays as you wrote it." in page and reverse("board:profile") in page


def test_an_author_or_editor_is_told_of_the_biography_too(client, cast, article):
    Author.objects.filter(pk=cast.author.pk).update(biography="Wanda writes.")
    ask = reverse("admin:articles_author_name", args=[cast.author.pk])
    client.force_login(cast.writer)
    assert "The biography stays as it is." in client.get(ask).content.decode()
    Author.objects.filter(pk=cast.author.pk).update(biography="")
    assert "The biography stays as it is." not in client.get(ask).content.decode()


def test_an_advisor_takes_the_request_back(client, cast, article):
    client.force_login(cast.advisors[0].user)
    client.post(NAME, {"name": "Dr Zelda Quill"})
    client.post(NAME, {"take_back": "yes"})
    assert not NameChange.objects.waiting().exists()
    assert client.post(NAME, {"name": " "}).status_code == 409


def test_an_editor_declines(client, cast, article):
    client.force_login(cast.advisors[0].user)
    client.post(NAME, {"name": "Dr Zelda Quill"})
    client.force_login(cast.editor)
    decide = reverse("admin:articles_name_decide", args=[NameChange.objects.get().pk])
    assert client.post(decide, {"answer": "decline"}).status_code == 302
    assert Signatory.objects.get(user=cast.advisors[0].user).name == "Dr Ada"


def test_an_editor_with_a_stale_page_is_told_who_decided_when_and_how(client, cast, article):
    client.force_login(cast.advisors[0].user)
    client.post(NAME, {"name": "Dr Zelda Quill"})
    decide = reverse("admin:articles_name_decide", args=[NameChange.objects.get().pk])
    client.force_login(cast.admin)
    client.post(decide, {"answer": "confirm", "how": "Called the institute."})

    client.force_login(cast.editor)
    for answer in ("confirm", "decline"):
        response = client.post(decide, {"answer": answer, "how": "Met <her> in Bern."})
        page = response.content.decode()
        assert response.status_code == 409
        decided_at = times.moment(NameChange.objects.get().decision.decided_at)
        assert f"{cast.admin} confirmed this change on {decided_at}." in page
        assert "Called the institute." in page and "Met &lt;her&gt; in Bern." in page
        assert "Dr Zelda Quill" in page and "Dr Ada" not in page
    response = client.get(decide)
    assert response.status_code == 410 and "Your answer was not stored." not in response.content.decode()


def test_an_editor_with_a_stale_page_is_told_that_the_request_was_taken_back(client, cast, article):
    client.force_login(cast.advisors[0].user)
    client.post(NAME, {"name": "Dr Zelda Quill"})
    client.post(NAME, {"take_back": "yes"})
    client.force_login(cast.editor)
    page = client.get(reverse("admin:articles_name_decide", args=[NameChange.objects.get().pk])).content.decode()
    assert f"{cast.advisors[0].user} took this request back on" in page and "Dr Zelda Quill" not in page


def test_an_author_asks_on_the_page_of_their_name(client, cast, article):
    address = reverse("admin:articles_author_name", args=[cast.author.pk])
    client.force_login(cast.writer)
    assert client.post(address, {"name": "Zelda Quill"}).status_code == 302
    assert client.post(address, {"name": "Zora Quist"}).status_code == 409
    client.force_login(cast.editor)
    assert client.get(address).status_code == 403
    decide = reverse("admin:articles_name_decide", args=[NameChange.objects.get().pk])
    client.post(decide, {"answer": "confirm", "how": "Asked her in the office."})
    assert Byline.objects.get().name == "Zelda Quill" and Author.objects.get().slug == "zelda-quill"


def test_the_list_of_waiting_names_takes_a_constant_number_of_queries(client, cast, django_assert_max_num_queries):
    client.force_login(cast.admin)
    newsroom.published(cast)
    for advisor in cast.advisors:
        client.force_login(advisor.user)
        client.post(NAME, {"name": f"Dr Zelda {advisor.slug}"})
    client.force_login(cast.admin)
    with django_assert_max_num_queries(8):
        assert client.get(WAITING).content.decode().count("<li><a href=") == 3
