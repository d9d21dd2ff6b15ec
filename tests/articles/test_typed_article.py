"""The article in a posted form, as the checks and the preview read it and as saving would store it."""

import pytest
from django.core.exceptions import ValidationError
from django.http import QueryDict

from articles.admin.checks import typed_draft
from articles.models import Article, Authorship
from articles.previews import page_of_draft
from articles.typed_article import chosen_rows, cleaned, typed_article
from products.models import Product
from tests import newsroom
from tests.admin_forms import article_form


def posted(**fields: object) -> QueryDict:
    """Return a form as it arrives, without a request."""
    data = QueryDict(mutable=True)
    for name, value in fields.items():
        data.setlist(name.replace("__", "-"), value if isinstance(value, list) else [str(value)])
    return data


# Rows


def test_rows_come_in_the_order_of_saving_by_position_and_new_ones_after_those_stored():
    rows = {
        **{"things-0-thing": "5", "things-0-position": "1"},
        **{"things-1-thing": "6", "things-1-position": "0"},
        **{"things-2-thing": "7", "things-2-position": "0", "things-2-id": "9"},
        **{"things-3-thing": "8", "things-3-position": "0", "things-3-id": "4"},
    }
    assert chosen_rows(rows, "things", "thing") == [8, 7, 6, 5]


def test_a_row_that_is_empty_odd_or_to_go_is_left_out():
    rows = {"things-0-thing": "", "things-1-thing": "x", "things-2-thing": "3", "things-2-DELETE": "on"}
    assert chosen_rows(rows, "things", "thing") == []


def test_a_form_without_rows_says_nothing_of_them():
    assert chosen_rows({"things-TOTAL_FORMS": "0", "things-__prefix__-thing": ""}, "things", "thing") is None


# Words


def test_a_field_is_cleaned_as_it_is_saved():
    assert cleaned("title", " Of \n quokkas ") == "Of quokkas"
    assert cleaned("body", "<p>So [@doe2020].</p><script>x</script>") == '<p>So <sup data-cite="doe2020"></sup>.</p>'


def test_html_that_differs_in_line_breaks_alone_is_what_is_stored():
    assert cleaned("body", "<p>One</p>\r\n\r\n<p>Two</p>\r\n", "<p>One</p><p>Two</p>") == "<p>One</p><p>Two</p>"
    assert cleaned("body", "<p>One</p>\n<p>2</p>", "<p>One</p><p>Two</p>") == "<p>One</p>\n<p>2</p>"


def test_far_too_long_words_are_refused_by_field(cast):
    with pytest.raises(ValidationError) as refused:
        typed_article(posted(title="x" * 5000, standfirst="x" * 5000), article=None, actor=cast.writer)
    assert set(refused.value.message_dict) == {"title", "standfirst"}


# The whole form


def test_what_the_form_does_not_hold_is_what_is_stored(cast):
    article = newsroom.draft(cast, hero_image="pictures/a.jpg")
    typed = typed_article(posted(seen_version=1), article=article, actor=cast.writer)
    assert typed.content.content() == article.content()
    assert (typed.authors, typed.sources, typed.topics) == ([cast.author], [cast.source], [cast.topic])


def test_whoever_begins_an_article_is_on_its_byline(cast):
    typed = typed_article(posted(title="New"), article=None, actor=cast.writer)
    assert typed.authors == [cast.author]
    assert typed_article(posted(title="New"), article=None, actor=cast.editor).authors == []


def test_a_product_that_is_chosen_twice_is_there_once(cast):
    products = [Product.objects.create(name=f"Product {n}", slug=f"product-{n}") for n in range(2)]
    rows = {f"recommendations__{place}__product": products[chosen].pk for place, chosen in enumerate((1, 0, 1))}
    typed = typed_article(posted(title="New", **rows), article=None, actor=cast.editor)
    assert typed.products(Product.objects.all()) == [products[1], products[0]]


def test_checks_preview_and_saving_read_the_same_form_alike(client, cast):
    article = newsroom.draft(cast)
    client.force_login(cast.writer)
    form = article_form(client, article)
    form.put(title=["  Of  quokkas "], key_messages=["One.\n\n Two. "], body=["<p>They nap [@roe2021].</p>"])
    form.add_row("article_sources", source=[str(newsroom.source("roe2021").pk)])
    data = posted(**{name.replace("-", "__"): value for name, value in form.data.items()})
    draft = typed_draft(data, article, cast.writer)
    page = page_of_draft(article=article, actor=cast.writer, typed=data)
    assert form.send(client).status_code == 302

    revision = Article.objects.get(pk=article.pk).head()
    assert draft.title == page.title == revision.title == "Of quokkas"
    assert list(draft.key_messages) == page.messages == revision.messages
    assert draft.body == revision.body
    assert [source.key for source in draft.sources] == ["doe2020", "roe2021"]
    assert [source.reference for source in page.sources] == [row.reference for row in revision.citations.all()]
    names = [row.author.name for row in Authorship.objects.filter(article=article)]
    assert list(draft.authors) == [row.name for row in page.bylines] == names
