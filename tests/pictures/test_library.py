"""The library of pictures in the admin: finding and changing pictures, and losing none of them."""

import pytest
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from articles.picture_uses import articles_showing
from pictures.admin import uploads
from pictures.content_storage import ContentStorage
from pictures.models import Picture
from pictures.signals import any_use_wanted
from tests import newsroom
from tests.admin_forms import form_of
from tests.pictures.photos import WORDS, add, figure, photograph

PICK = reverse("admin:pictures_picture_pick")
LIST = reverse("admin:pictures_picture_changelist")
ADD = reverse("admin:pictures_picture_add")


@pytest.fixture(autouse=True)
def no_uploads_so_far():
    cache.clear()
    yield
    cache.clear()


def address(picture: Picture, page: str = "change") -> str:
    return reverse(f"admin:pictures_picture_{page}", args=[picture.pk])


@pytest.fixture
def writing(client, cast):
    """Return the browser of the writer."""
    client.force_login(cast.writer)
    return client


@pytest.fixture
def editing(client, cast):
    """Return the browser of the editor."""
    client.force_login(cast.editor)
    return client


def test_the_dialog_finds_pictures_by_every_word_newest_first(writing, cast):
    first = add(cast.writer, "red", alternative_text="A bowl of almonds on a table.")
    second = add(cast.editor, "green", alternative_text="Almonds in a hand.", credit="Drawing: Table Works")
    add(cast.editor, "blue", alternative_text="A cup of tea.")

    def found(words: str) -> list[int]:
        return [picture["id"] for picture in writing.get(PICK, {"q": words}).json()["pictures"]]

    assert found("ALMONDS table") == [second.pk, first.pk]
    assert found("almonds bowl") == [first.pk]
    assert found("%") == found("spinach") == []
    assert len(found("")) == 3


def test_the_dialog_offers_nothing_from_the_archive(writing, cast):
    Picture.objects.filter(pk=add(cast.writer).pk).update(is_archived=True)

    assert writing.get(PICK).json() == {"pictures": [], "page": 1, "pages": 1, "total": 0}


def test_the_dialog_is_answered_a_page_at_a_time_in_the_same_few_queries(
    writing, cast, monkeypatch, django_assert_num_queries
):
    for colour in ("red", "green", "blue"):
        add(cast.writer, colour)
    monkeypatch.setattr(uploads, "ON_A_PAGE", 2)
    first, last = writing.get(PICK).json(), writing.get(PICK, {"page": "2"}).json()

    assert [len(page["pictures"]) for page in (first, last)] == [2, 1]
    assert (first["pages"], first["total"], last["page"]) == (2, 3, 2)
    assert writing.get(PICK, {"page": "x"}).json()["page"] == 1
    with django_assert_num_queries(7):  # session, person, roles; roles' and own permissions; count and page
        writing.get(PICK)


def test_the_wall_shows_what_is_on_offer_and_can_be_searched(writing, cast):
    add(cast.writer, "red")
    Picture.objects.filter(pk=add(cast.editor, "green", alternative_text="An old logo.").pk).update(is_archived=True)
    page = writing.get(LIST).content.decode()

    assert "A bowl of almonds." in page
    assert "An old logo." not in page
    assert "An old logo." in writing.get(LIST, {"shelf": "archive"}).content.decode()
    assert "A bowl of almonds." not in writing.get(LIST, {"q": "tea"}).content.decode()


def test_the_wall_shows_ones_own(writing, cast):
    add(cast.editor, "red", alternative_text="Of the editor.")
    add(cast.writer, "green", alternative_text="Of the writer.")
    page = writing.get(LIST, {"by": "me"}).content.decode()

    assert "Of the writer." in page
    assert "Of the editor." not in page


def test_the_wall_shows_what_no_text_shows(writing, cast):
    in_text = add(cast.writer, "red", alternative_text="In a text.")
    before = add(cast.writer, "green", alternative_text="In an old text.")
    on_top = add(cast.writer, "blue", alternative_text="On top.")
    add(cast.writer, "black", alternative_text="Nowhere.")
    article = newsroom.draft(cast, body=figure(before))
    newsroom.rewrite(cast, article, body=figure(in_text), hero_image=ContentFile(photograph(colour="blue")))
    assert article.hero_image.name == on_top.image.name

    unused = writing.get(LIST, {"use": "unused"}).content.decode()
    used = writing.get(LIST, {"use": "used"}).content.decode()
    everywhere = ("In a text.", "In an old text.", "On top.")
    assert "Nowhere." in unused
    assert not any(words in unused for words in everywhere)
    assert "Nowhere." not in used
    assert all(words in used for words in everywhere)


def test_the_wall_takes_as_many_queries_for_ten_pictures_as_for_one(writing, cast, django_assert_max_num_queries):
    for shade in range(10):
        add(cast.writer if shade % 2 else cast.editor, f"rgb({shade * 9},0,0)")
    with django_assert_max_num_queries(8):
        writing.get(LIST)


def test_a_picture_is_added_without_script(writing):
    page = form_of(writing.get(ADD), "picture_form")
    answer = page.send(writing, **WORDS, image=SimpleUploadedFile("a.jpg", photograph()))
    picture = Picture.objects.get()

    assert answer.url == address(picture)
    again = page.send(writing, image=SimpleUploadedFile("b.jpg", photograph()))
    assert again.url == address(picture)
    assert "has this picture already" in writing.get(again.url).content.decode()
    assert page.send(writing, credit="").status_code == 400


def test_the_page_of_a_picture_says_which_texts_show_it(editing, cast):
    picture = add(cast.writer)
    now = newsroom.published(cast, title="Shows it now", body=figure(picture))
    once = newsroom.draft(cast, title="Showed it once", body=figure(picture))
    newsroom.rewrite(cast, once, title="Showed it once", body="<p>Gone.</p>")
    newsroom.draft(cast, title="Never did")
    page = editing.get(address(picture)).content.decode()

    assert [article.pk for article in articles_showing(picture)] == [once.pk, now.pk]
    assert page.index("Showed it once") < page.index("in an earlier revision only")
    assert page.index("Shows it now") < page.index("shows it now")
    assert now.get_absolute_url() in page
    assert "Never did" not in page


def test_a_draft_that_one_may_not_open_is_neither_counted_nor_named(client, cast):
    picture = add(cast.writer)
    newsroom.draft(cast, title="Secret plans", body=figure(picture))
    client.force_login(cast.colleague)
    page = client.get(address(picture)).content.decode()

    assert "Secret plans" not in page
    assert "None of your articles and no published article uses it." in page


def test_the_page_of_a_picture_takes_as_many_queries_for_five_texts_as_for_one(
    editing, cast, django_assert_max_num_queries
):
    picture = add(cast.writer)
    for _ in range(5):
        newsroom.draft(cast, body=figure(picture))
    with django_assert_max_num_queries(10):
        editing.get(address(picture))


def test_a_writer_changes_the_words_of_their_own(writing, cast):
    picture = add(cast.writer)
    answer = form_of(writing.get(address(picture)), "picture_form").send(
        writing, alternative_text="Almonds.", is_archived="on"
    )

    assert answer.status_code == 302
    picture.refresh_from_db()
    assert (picture.alternative_text, picture.is_archived, picture.credit) == ("Almonds.", True, "Photo: Jane Doe")
    assert picture.history.first().history_user == cast.writer


def test_nothing_changes_the_file_of_a_picture(editing, cast):
    picture = add(cast.writer)
    name = picture.image.name
    editing.post(
        address(picture), {**WORDS, "image": SimpleUploadedFile("a.jpg", photograph(colour="red")), "width": 9}
    )
    picture.refresh_from_db()

    assert (picture.image.name, picture.width) == (name, 60)


def test_a_writer_changes_nothing_of_a_colleagues_not_even_through_its_history(client, cast):
    picture = add(cast.writer)
    Picture.objects.filter(pk=picture.pk).update(alternative_text="Corrected.")
    version = picture.history.last().pk
    client.force_login(cast.colleague)
    history = reverse("admin:pictures_picture_simple_history", args=[picture.pk, version])
    answers = [client.post(page, WORDS) for page in (address(picture), address(picture, "delete"), history)]

    assert [answer.status_code for answer in answers] == [403, 403, 403]
    assert client.get(address(picture)).status_code == client.get(history).status_code == 200
    picture.refresh_from_db()
    assert picture.alternative_text == "Corrected."


def test_an_editor_deletes_what_no_text_shows_and_the_file_stays(editing, cast):
    picture = add(cast.writer)
    answer = form_of(editing.get(address(picture, "delete")), "/delete/").send(editing)

    assert answer.status_code == 302
    assert not Picture.objects.exists()
    assert ContentStorage().exists(picture.image.name)


@pytest.mark.parametrize("who", ["editor", "admin"])
def test_nobody_deletes_what_a_text_has_ever_shown(client, cast, who):
    picture = add(cast.writer)
    article = newsroom.draft(cast, body=figure(picture))
    newsroom.rewrite(cast, article, body="<p>Gone.</p>")
    client.force_login(cast.everybody[who])

    assert client.post(address(picture, "delete"), {"post": "yes"}).status_code == 403
    bulk = {"action": "delete_selected", "_selected_action": picture.pk, "post": "yes"}
    client.post(LIST, bulk)
    assert Picture.objects.exists()


def test_a_picture_stays_while_nobody_can_say_whether_a_text_shows_it(editing, cast):
    picture = add(cast.writer)

    def fail(**kwargs):
        raise RuntimeError("The texts cannot be read.")

    any_use_wanted.connect(fail)
    try:
        with pytest.raises(RuntimeError):
            editing.post(address(picture, "delete"), {"post": "yes"})
    finally:
        any_use_wanted.disconnect(fail)
    assert Picture.objects.exists()


def test_a_writer_deletes_nothing(writing, cast):
    picture = add(cast.writer)

    assert writing.post(address(picture, "delete"), {"post": "yes"}).status_code == 403
    assert Picture.objects.exists()
