"""Reviewers are shown with specialty and load beside the article, in its form and among the choices."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from advisors.models import PanelMember
from articles.models import Recommendation, Topic
from products.models import Product
from tests import newsroom
from tests.admin_forms import address

CHOICES = {"app_label": "advisors", "model_name": "panelmember", "field_name": "advisor", "term": "dr"}


@pytest.fixture
def editing(client, cast):
    client.force_login(cast.editor)
    return client


def texts(client) -> list[str]:
    return [one["text"] for one in client.get(reverse("admin:autocomplete"), CHOICES).json()["results"]]


def test_the_choices_say_what_an_advisor_knows_and_how_busy_they_are(editing, cast):
    cast.advisors[0].specialties.set([cast.topic])
    newsroom.in_review(cast)
    assert texts(editing) == [
        "Dr Ada, PhD · Sleep · 1 open review",
        "Dr Ben, PhD · 1 open review",
        "Dr Cleo, PhD · 0 open reviews",
    ]


def test_more_choices_need_no_more_queries(editing, cast):
    counts = []
    for names in (("dora",), ("emil", "fay", "gus")):
        for name in names:
            newsroom.advisor(name).specialties.add(Topic.objects.create(name=name, slug=name))
        texts(editing)
        with CaptureQueriesContext(connection) as queries:
            texts(editing)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_panel_and_the_form_say_it_too(editing, cast):
    cast.advisors[0].specialties.set([cast.topic])
    html = editing.get(address(newsroom.draft(cast, panel=1))).content.decode()
    assert '<span class="member-load">Sleep · 0 open reviews</span>' in html
    assert "confirmed, by Editor. Sleep · 0 open reviews" in html or "confirmed. Sleep · 0 open reviews" in html


def test_a_form_with_more_reviewers_needs_no_more_queries(editing, cast):
    article = newsroom.draft(cast, panel=1)
    counts = []
    for names in (("dora",), ("emil", "fay", "gus")):
        for name in names:
            member = newsroom.advisor(name)
            member.specialties.add(Topic.objects.create(name=name, slug=name))
            PanelMember.objects.create(article=article, advisor=member, confirmed=True, proposed_by=cast.editor)
        editing.get(address(article))
        with CaptureQueriesContext(connection) as queries:
            editing.get(address(article))
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_rows_have_one_link_in_place_of_four_icons(editing, cast):
    article = newsroom.draft(cast)
    product = Product.objects.create(name="Gummies", slug="gummies")
    Recommendation.objects.create(article=article, product=product)
    html = editing.get(address(article)).content.decode()
    icons = r'<a[^>]* id="(?:add|change|delete|view)_id_(?:article_sources|authorships|recommendations|panel)-'
    assert not re.search(icons, html)
    for row in (cast.source, cast.author, product):
        link = reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])
        assert re.search(rf'<a class="row-open" target="_blank"[^>]* href="{link}">Open</a>', html), link


def test_an_empty_row_hides_its_link(editing, cast):
    html = editing.get(reverse("admin:articles_article_add")).content.decode()
    assert len(re.findall(r'class="row-open"[^>]* hidden>', html)) == html.count('class="row-open"') > 0
