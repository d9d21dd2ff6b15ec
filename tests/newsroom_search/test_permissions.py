"""Who may search the newsroom, and what each of them finds: only what they may open."""

import pytest
from django.urls import reverse

from accounts.models import User
from tests import newsroom
from tests.newsroom_search.conftest import FOUND, PAGE, labels, titles

ROWS = {"Articles", "Sources", "Advisors", "Products", "Ingredients"}
FINDS = {"writer": ROWS, "colleague": ROWS - {"Articles"}, "editor": ROWS, "admin": {*ROWS, "Users"}}


@pytest.mark.parametrize("name", FINDS)
def test_each_finds_the_kinds_that_they_may_see(scene, search, name):
    assert set(labels(search(scene.everybody[name], "magnesium"))) == FINDS[name]


@pytest.mark.parametrize("name", ["advisor1", "outsider"])
@pytest.mark.parametrize("address", [PAGE, FOUND])
def test_who_is_not_of_the_newsroom_is_refused(scene, client, name, address):
    client.force_login(scene.everybody[name])
    answer = client.get(address, {"q": "magnesium"}, follow=True)

    assert answer.status_code == 403
    assert "Magnesium" not in answer.content.decode()


@pytest.mark.parametrize("address", [PAGE, FOUND])
def test_who_has_not_signed_in_is_led_to_the_sign_in(scene, client, address):
    answer = client.get(address, {"q": "magnesium"})

    assert (answer.status_code, answer["Location"].split("?")[0]) == (302, reverse("admin:login"))


@pytest.mark.parametrize("name", ["advisor1", "editor"])
def test_the_button_is_shown_to_the_newsroom_alone(scene, client, name):
    client.force_login(scene.everybody[name])
    page = client.get(reverse("admin:index")).content.decode()

    assert ('id="find-open"' in page) == (name == "editor")


def test_the_review_desk_has_the_button_for_an_editor_who_is_on_the_board(scene, client):
    member = scene.advisors[0]
    client.force_login(member.user)
    assert 'id="find-open"' not in client.get(reverse("board:desk")).content.decode()

    member.user.groups.add(*scene.editor.groups.all())
    client.force_login(User.objects.get(pk=member.user.pk))
    assert 'id="find-open"' in client.get(reverse("board:desk")).content.decode()


def test_a_writer_finds_no_word_of_a_draft_that_is_not_theirs(scene, search):
    newsroom.draft(scene, slug="other", title="Echidnas", body="<p>Quokkas were measured.</p>")

    assert titles(search(scene.writer, "quokkas"), "Articles") == ["Echidnas"]
    assert labels(search(scene.colleague, "quokkas")) == []
    assert labels(search(scene.colleague, "echidnas")) == []


@pytest.mark.parametrize(
    ("name", "typed", "found"),
    [
        ("admin", "house settings", True),
        ("editor", "house settings", False),
        ("writer", "house", False),
        ("writer", "new article", True),
        ("writer", "paste sources", True),
        ("writer", "policies", False),
        ("editor", "policies", True),
        ("writer", "users", False),
        ("admin", "users", True),
        ("writer", "add topic", False),
        ("editor", "add topic", True),
    ],
)
def test_a_page_is_found_by_those_who_may_open_it(scene, client, search, name, typed, found):
    pages = next((group for group in search(scene.everybody[name], typed).groups if group.key == "pages"), None)

    assert (pages is not None) == found
    if pages is not None:
        assert client.get(pages.rows[0].url).status_code == 200
