"""What a new article begins from: blank, a template of the newsroom, or a copy of an article."""

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import escape

from articles.beginnings.starting_texts import from_article, from_template
from articles.models import Article, ArticleTemplate, Recommendation
from articles.models.templates import LONGEST_TEMPLATE_BODY
from checks import preflight
from checks.preflight import Draft
from products.models import Product
from tests import newsroom
from tests.admin_forms import form_of

BEGIN, ADD = reverse("admin:articles_article_begin"), reverse("admin:articles_article_add")
BODY = '<h2>The trials</h2><p>Sleep was longer by 17 minutes.<sup data-cite="doe2020"></sup></p>'


@pytest.fixture
def writing(client, cast):
    client.force_login(cast.writer)
    return client


@pytest.fixture
def template(db) -> ArticleTemplate:
    return ArticleTemplate.objects.create(
        name="Recipe",
        standfirst="[…] Say what is cooked.",
        key_messages="[…] How long it takes.",
        body="<h2>Ingredients</h2><p>[…] List them.</p>",
        safety_note="<p>[…] Name allergens.</p>",
        disclosure="We sell spoons.",
    )


def begun(client, **query: object):
    return client.get(ADD, query)


def form(client, **query: object):
    return form_of(begun(client, **query), "article_form")


# The choice


def test_the_choice_has_blank_first_then_the_templates(writing, template):
    page = writing.get(BEGIN).content.decode()
    names = ["Blank", *ArticleTemplate.objects.values_list("name", flat=True)]
    places = [page.index(f"<strong>{escape(name)}</strong>") for name in names]
    assert len(names) > 2 and places == sorted(places)
    assert f'href="{ADD}" autofocus' in page


def test_a_writer_may_copy_only_what_they_may_open(client, cast):
    newsroom.draft(cast, title="Of the writer")
    client.force_login(cast.colleague)
    assert "Of the writer" not in client.get(BEGIN).content.decode()
    client.force_login(cast.writer)
    assert "Of the writer" in client.get(BEGIN).content.decode()


@pytest.mark.parametrize("who", ["writer", "editor"])
def test_the_choice_finds_articles_by_their_words(client, cast, who):
    newsroom.draft(cast, title="Of quokkas")
    newsroom.draft(cast, title="Of wombats")
    client.force_login(getattr(cast, who))
    page = client.get(BEGIN, {"q": "quokkas"}).content.decode()
    assert "Of quokkas" in page and "Of wombats" not in page


def test_the_choice_needs_no_more_queries_for_more_articles(writing, cast):
    counts = []
    for _round in range(2):
        for _article in range(3):
            newsroom.draft(cast)
        writing.get(BEGIN)
        with CaptureQueriesContext(connection) as queries:
            writing.get(BEGIN)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_who_may_not_add_articles_is_not_given_the_choice(client, cast):
    client.force_login(cast.advisors[0].user)
    assert client.get(BEGIN).status_code == 403


# A template


def test_a_template_fills_the_form_and_stores_nothing(writing, template):
    opened = form(writing, template=template.pk)
    assert opened.value("title") == ""
    for name in ("standfirst", "key_messages", "body", "safety_note", "disclosure"):
        assert opened.value(name) == getattr(template, name)
    assert not Article.objects.exists()


def test_an_article_begun_with_a_template_is_saved_as_any_other(writing, cast, template):
    form(writing, template=template.pk).send(writing, title="Porridge", slug="porridge")
    article = Article.objects.get()
    assert (article.created_by, article.version) == (cast.writer, 1)
    assert article.revisions.get().body == template.body
    assert [row.author for row in article.authorships.all()] == [cast.author]


def test_a_template_whose_row_was_written_past_the_sanitiser_is_cleaned_on_saving(writing, template):
    table = ArticleTemplate._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET body = %s", ["<p>Kept.</p><script>alert(1)</script>"])
    form(writing, template=template.pk).send(writing, title="Porridge", slug="porridge")
    assert Article.objects.get().body == "<p>Kept.</p>"


@pytest.mark.parametrize("query", [{"template": "999999"}, {"template": "x"}, {"copy": "999999"}, {"copy": ""}])
def test_a_choice_that_does_not_exist_gives_a_blank_form_and_says_so(writing, query):
    answer = begun(writing, **query)
    assert "The form is blank." in answer.content.decode()
    assert form_of(answer, "article_form").value("body") == ""


def test_a_template_is_limited_in_length(template):
    template.body = f"<p>{'a' * LONGEST_TEMPLATE_BODY}</p>"
    with pytest.raises(ValidationError) as refused:
        template.full_clean()
    assert list(refused.value.message_dict) == ["body"]


def test_a_template_is_sanitised(template):
    template.body = '<p onclick="x()">Text.</p><iframe src="https://example.org"></iframe>'
    template.save()
    assert template.body == "<p>Text.</p>"


def test_editors_change_templates_and_writers_only_read_them(client, cast, template):
    address = reverse("admin:articles_articletemplate_change", args=[template.pk])
    client.force_login(cast.editor)
    form_of(client.get(address), "articletemplate_form").send(client, purpose="For cooks.")
    template.refresh_from_db()
    assert template.purpose == "For cooks."
    assert template.history.first().history_user == cast.editor
    client.force_login(cast.writer)
    assert client.get(address).status_code == 200
    assert client.post(address, {"name": "Mine"}).status_code == 403


# A copy


def test_a_copy_has_text_topics_and_sources_and_no_title_or_address(writing, cast):
    source = newsroom.draft(cast, key_messages="It is short.", search_description="Of that article.")
    opened = form(writing, copy=source.pk)
    assert (opened.value("title"), opened.value("slug"), opened.value("search_description")) == ("", "", "")
    assert (opened.value("body"), opened.value("key_messages")) == (BODY, "It is short.")
    opened.send(writing, title="Another", slug="another")
    copy = Article.objects.exclude(pk=source.pk).get()
    assert list(copy.topics.all()) == [cast.topic]
    assert [(row.source, row.supports) for row in copy.article_sources.all()] == [(cast.source, "the length of sleep")]
    assert [citation.key for citation in copy.revisions.get().citations.all()] == ["doe2020"]


def test_a_copy_takes_over_no_reviewer_review_product_or_stage(writing, cast):
    source = newsroom.published(cast)
    product = Product.objects.create(name="Gummies", slug="gummies")
    Recommendation.objects.create(article=source, product=product)
    form(writing, copy=source.pk).send(writing, title="Another", slug="another")
    copy = Article.objects.exclude(pk=source.pk).get()
    assert copy.stage == "draft"
    assert not any(rows.exists() for rows in (copy.panel, copy.submissions, copy.recommendations, copy.publications))


def test_a_copy_of_an_article_that_the_user_may_not_open_is_refused(client, cast):
    hidden = newsroom.draft(cast, standfirst="Nobody else reads this.")
    client.force_login(cast.colleague)
    page = begun(client, copy=hidden.pk).content.decode()
    assert "The form is blank." in page and "Nobody else reads this." not in page


def test_a_copy_that_is_refused_keeps_what_was_posted(writing, cast):
    source = newsroom.draft(cast)
    opened = form(writing, copy=source.pk)
    again = form_of(opened.send(writing, title="Another", slug=source.slug, body="<p>Mine.</p>"), "article_form")
    assert again.value("body") == "<p>Mine.</p>"
    assert again.value("article_sources-0-source") == str(cast.source.pk)


def test_a_copy_of_more_sources_needs_no_more_queries(writing, cast):
    counts = []
    for many in (2, 8):
        sources = [newsroom.source(f"work{many}x{serial}") for serial in range(many)]
        article = newsroom.draft(cast, sources=sources)
        begun(writing, copy=article.pk)
        with CaptureQueriesContext(connection) as queries:
            page = begun(writing, copy=article.pk).content.decode()
        assert all(source.key in page for source in sources)
        counts.append(len(queries))
    assert counts[0] == counts[1]


# Instructions of templates


def instructions(**fields: object) -> list[str]:
    return [found.passage for found in preflight.run(Draft(**fields)) if found.id == "STR06"]


def test_an_instruction_left_in_the_text_blocks_the_submission(cast):
    article = newsroom.draft(cast, body=f"{BODY}<p>[…] Say what is not known.</p>")
    findings = preflight.blockers(preflight.run(newsroom.readiness.draft_of(article)))
    assert [(found.id, found.passage) for found in findings] == [("STR06", "[…] Say what is not known.")]


def test_instructions_are_found_in_every_part_that_a_template_has():
    assert instructions(
        standfirst="[…] One.",
        key_messages=("It is short.", "[…] Two."),
        body="<h2>[...] Three</h2><ul><li>[…] Four.</li></ul><table><tbody><tr><td>[…]</td></tr></tbody></table>",
        safety_note="<p> […] Six.</p>",
        disclosure="We sell it.\n[…] Seven.",
    ) == ["[…] One.", "[…] Two.", "[…] Seven.", "[...] Three", "[…] Four.", "[…]", "[…] Six."]


def test_words_left_out_of_a_quotation_are_no_instruction():
    assert instructions(body="<p>They wrote “sleep […] was longer” [sic] and [no more].</p>") == []


def test_the_first_templates_are_whole_and_find_only_their_own_instructions(db):
    templates = list(ArticleTemplate.objects.all())
    assert [template.name for template in templates] == [
        "Condition explainer",
        "Ingredient review",
        "News",
        "Product explainer",
    ]
    for template in templates:
        template.full_clean()
        text = from_template(template).content
        draft = Draft(
            title="Magnesium",
            authors=("Wanda Writer",),
            **{**text, "key_messages": tuple(text["key_messages"].splitlines())},
        )
        assert {found.id for found in preflight.run(draft) if found.level.value != "advice"} == {"STR06"}, template


def test_a_copy_is_cleaned_once_more(cast):
    article = newsroom.draft(cast)
    article.body = "<p>Kept.</p><script>alert(1)</script>"
    assert from_article(article).content["body"] == "<p>Kept.</p>"
