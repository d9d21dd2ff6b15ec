"""Pictures in a text: what the sanitiser keeps, what readers get, and narrower renditions of older pictures."""

from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import transaction

from articles.models import Article
from articles.rendering import render
from core.html import sanitise
from jobs.runner import WorkLoop
from pictures import library
from pictures.content_storage import ContentStorage
from pictures.renditions import names_of_copies
from tests import newsroom
from tests.admin_forms import article_form
from tests.pictures.photos import add, figure, photograph


@pytest.fixture
def writing(client, cast):
    """Return the client of the writer, signed in."""
    client.force_login(cast.writer)
    return client


def test_a_figure_goes_through_the_sanitiser_as_it_is(cast):
    html = figure(add(cast.writer), "A &quot;bowl&quot; &amp; almonds")
    assert sanitise(html) == html


def test_a_text_shows_a_picture_with_its_narrower_copies(cast):
    picture = add(cast.writer, size=(900, 600))
    body = render(figure(picture), "", {}).body
    base = picture.url.removesuffix(".jpg")

    assert body == (
        f'<figure><picture><source type="image/avif" srcset="{base}-400.avif 400w, {base}-800.avif 800w, '
        f'{base}-900.avif 900w" '
        'sizes="(min-width: 48rem) 44rem, 100vw">'
        f'<source type="image/webp" srcset="{base}-400.webp 400w, {base}-800.webp 800w, '
        f'{base}-900.webp 900w" '
        'sizes="(min-width: 48rem) 44rem, 100vw">'
        f'<img src="{picture.url}" alt="Almonds." width="900" height="600" loading="lazy" decoding="async"></picture>'
        "<figcaption>Rich in magnesium. <em>Photo: Jane Doe</em></figcaption></figure>"
    )


@pytest.mark.parametrize("size", ["", ' width="900"', ' width="300" height="200"'])
def test_a_picture_of_which_no_copies_are_known_is_shown_as_it_is(size):
    name = "cat.jpg" if "900" in size else f"{'0a' * 32}.jpg"
    body = render(f'<p><img src="/media/pictures/{name}" alt="x"{size}></p>', "", {}).body

    assert body == f'<p><img src="/media/pictures/{name}" alt="x"{size} loading="lazy" decoding="async"></p>'


def test_saving_a_text_puts_its_pictures_sizes_right(writing, cast):
    picture = add(cast.writer, size=(500, 300))
    stranger = f"/media/pictures/{'0a' * 32}.jpg"
    body = (
        f'<p>a<img src="{picture.url}" alt="One" width="9000" height="1">'
        f'<img src="{picture.url}"><img src="{stranger}" alt="Two" width="9000" height="9"></p>'
    )
    article_form(writing).send(writing, title="Sizes", slug="sizes", body=body)
    saved = Article.objects.get().body

    assert saved == (
        f'<p>a<img src="{picture.url}" alt="One" width="500" height="300">'
        f'<img src="{picture.url}" width="500" height="300"><img src="{stranger}" alt="Two"></p>'
    )
    assert sanitise(saved) == saved


def test_a_text_without_pictures_costs_no_query(cast, django_assert_num_queries):
    html = "<p>Words, and <em>pictures/</em>.</p>"
    with django_assert_num_queries(0):
        assert library.with_true_sizes(html) == html


def test_the_command_makes_what_is_missing_of_every_table_once(cast, capsys):
    newsroom.draft(cast, hero_image=ContentFile(photograph((900, 600))))
    newsroom.draft(cast, hero_image=ContentFile(photograph((900, 600))))
    cast.author.photo = ContentFile(photograph((500, 500), "red"))
    cast.author.save()
    call_command("make_picture_widths", dry_run=True)
    call_command("make_picture_widths", verbosity=0)
    call_command("make_picture_widths", verbosity=0)
    first, second, third = [line for line in capsys.readouterr().out.splitlines() if not line.startswith(("1:", "2:"))]

    assert first == "10 copies of 2 pictures are missing."
    assert second.startswith("10 copies of 2 pictures made, ")
    assert third.startswith("0 copies of 2 pictures made, ")


def test_the_command_goes_on_where_a_file_is_missing(cast, capsys):
    picture = add(cast.writer, size=(500, 500))
    Path(ContentStorage().path(picture.image.name)).unlink()
    add(cast.writer, "red")
    call_command("make_picture_widths", verbosity=0)
    captured = capsys.readouterr()

    assert picture.image.name in captured.err
    assert captured.out.rstrip().endswith("1 pictures could not be read.")


def test_the_copies_of_an_articles_picture_are_queued_with_the_article(committed):
    cast = newsroom.cast()
    with pytest.raises(RuntimeError), transaction.atomic():
        newsroom.draft(cast, hero_image=ContentFile(photograph((900, 600))))
        raise RuntimeError
    assert not WorkLoop().step()
    article = newsroom.draft(cast, hero_image=ContentFile(photograph((900, 600))))

    assert WorkLoop().step()
    assert all(ContentStorage().exists(copy) for copy in names_of_copies(article.hero_image.name, 900))
