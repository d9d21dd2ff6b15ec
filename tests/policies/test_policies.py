"""Policies: pages that editors write, with the true date of their last change."""

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import Resolver404, resolve
from django.utils import timezone

from checks import preflight
from core.html import sanitise
from core.seo import site_map
from core.seo.structured_parts import organization
from demo import texts
from policies.models import Policy
from tests.checks.desk import draft

CONTENT = texts.CONTENT / "policies"
ROWS = texts.table("policies/policies")["policy"]


def policy(slug: str = "privacy", **fields: object) -> Policy:
    words = {"title": "Privacy", "summary": "What we know of you.", "body": "<p>Little.</p>", "is_shown": True}
    return Policy.objects.create(slug=slug, **{**words, **fields})


def test_readers_find_the_list_and_each_page(client, db):
    policy("privacy", position=2)
    policy("about", title="About us", position=1)
    html = client.get("/policies/").content.decode()
    assert re.findall(r'<h2><a href="([^"]+)">', html) == ["/policies/about/", "/policies/privacy/"]

    page = client.get("/policies/privacy/").content.decode()
    assert "<h1>Privacy</h1>" in page and "<p>Little.</p>" in page and 'href="/policies/about/"' in page


def test_a_page_that_is_not_shown_is_nowhere(client, db):
    policy("draft-canary", is_shown=False)
    policy()
    assert client.get("/policies/draft-canary/").status_code == 404
    for address in ("/policies/", "/policies/privacy/"):
        assert "canary" not in client.get(address).content.decode()
    assert [path for path, _ in site_map.all_pages() if "polic" in path] == ["/policies/", "/policies/privacy/"]


def test_any_cache_may_keep_them_and_their_queries_do_not_grow(client, db):
    policy()
    for address, many in (("/policies/", 1), ("/policies/privacy/", 2)):
        for serial in range(2):
            policy(f"more-{serial}-{many}")
            with CaptureQueriesContext(connection) as asked:
                answer = client.get(address)
            assert len(asked) == many and answer.is_public and not answer.cookies


@pytest.mark.parametrize("field", ["title", "summary", "body"])
def test_the_day_of_the_last_change_follows_from_the_words(db, field):
    page = policy()
    made = page.updated_at
    with time_machine.travel(timezone.now() + timedelta(days=3)):
        page.position, page.body = 9, "<p>Little.</p>\n"
        page.save()
        assert page.updated_at == made
        setattr(page, field, "<p>Other words.</p>")
        page.save(update_fields=[field])
    page.refresh_from_db()
    assert page.updated_at - made > timedelta(days=2) and page.history.count() == 3


def test_what_is_kept_and_what_is_shown_is_sanitised(client, db):
    page = policy(body='<p>Fine</p><script>alert(1)</script><a href="javascript:alert(1)">x</a>')
    assert "script" not in page.body
    with connection.cursor() as cursor:  # past every door of the house
        cursor.execute("UPDATE policies_policy SET body = %s", ["<p>Fine</p><script>alert(1)</script>"])
    html = client.get("/policies/privacy/").content.decode().replace('<script type="application/ld+json">', "", 1)
    assert "<script" not in html and "<p>Fine</p>" in html


def test_its_graph_says_when_it_changed_and_the_organisation_points_here(client, db):
    page = policy("editorial-policy")
    html = client.get("/policies/editorial-policy/").content.decode()
    (script,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html)
    nodes = {node["@type"]: node for node in json.loads(script)["@graph"]}

    assert nodes["WebPage"]["dateModified"].startswith(f"{page.updated_at:%Y-%m-%d}")
    assert organization()["publishingPrinciples"] == nodes["WebPage"]["url"]


@pytest.mark.parametrize(("name", "may"), [("editor", True), ("writer", False), ("advisor1", False)])
def test_editors_alone_write_them(client, cast, name, may):
    client.force_login(cast.everybody[name])
    form = {
        "title": "Ours",
        "slug": "ours",
        "summary": "What.",
        "body": "<p>So.</p>",
        "position": "0",
        "is_shown": "on",
    }
    answer = client.post("/admin/policies/policy/add/", form)

    assert (answer.status_code == 302 and Policy.objects.exists()) == may
    if may:
        change = client.get(f"/admin/policies/policy/{Policy.objects.get().pk}/change/")
        assert "'unsafe-inline'" in change.headers["Content-Security-Policy"]
        assert "Ours" in client.get("/admin/policies/policy/").content.decode()


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["slug"])
def test_our_own_policies_break_none_of_our_own_rules(row):
    body = (CONTENT / f"{row['slug']}.html").read_text()
    found = preflight.run(draft(body, title=row["title"], standfirst=row["summary"]))

    assert sanitise(body) == body.strip()
    assert [(each.id, each.passage) for each in found if each.id not in {"CIT03", "SAF03"}] == []


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["slug"])
def test_every_link_in_them_leads_somewhere(row):
    slugs = {each["slug"] for each in ROWS}
    for link in re.findall(r'href="([^"]+)"', (CONTENT / f"{row['slug']}.html").read_text()):
        try:
            match = resolve(link)
        except Resolver404:
            pytest.fail(f"{link} leads nowhere")
        assert match.namespace != "policies" or match.kwargs.get("slug", "about") in slugs


def test_every_policy_has_its_text():
    assert {path.stem for path in Path(CONTENT).glob("*.html")} == {row["slug"] for row in ROWS}
