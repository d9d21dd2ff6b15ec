"""Dead links on the dashboard: the alert, the articles that lead to them, and when an alert disappears."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from articles import workflow
from articles.cited_sources.link_gathering import gather
from sources.link_checks import LinkChecker, LinkCheckTally, _record
from sources.link_states import finding_of
from sources.models import Link, LinkAnswer, Source
from tests import newsroom

TITLE = "Dead or moved links in live articles"
LIST = reverse("admin:sources_link_changelist")
GONE = "https://gone.example/page"


def with_link(url):
    return newsroom.content()["body"] + f'<p><a href="{url}">More</a></p>'


def answered(link, status, final=None):
    """Record one answer of an address, as a run of the checks does."""
    finding = finding_of(status, {}, link.url, final or link.url)
    detail = f"Redirected to {final}" if final else ""
    row = LinkAnswer(link=link, at=timezone.now(), answers=finding == "page", finding=finding, status=status)
    row.detail = detail
    _record(link, row, LinkCheckTally())


@pytest.fixture
def dead(cast):
    """A live article whose text links to a page that is gone."""
    article = newsroom.published(cast, body=with_link(GONE))
    gather()
    answered(Link.objects.get(url=GONE), 410)
    return article


def panel(client, who):
    client.force_login(who)
    return next(found for found in client.get(reverse("admin:index")).context["panels"] if found.title == TITLE)


def shown(found):
    return found.context["links"][0]


def listed(client, **query):
    return client.get(LIST, query)


def test_a_dead_link_in_a_live_text_is_on_the_start_page(client, cast, dead):
    found = panel(client, cast.editor)
    assert found.count == 1 and shown(found).url == GONE
    assert "HTTP 410" in shown(found).last_seen and [use.source for use in shown(found).uses] == [None]
    start = client.get(reverse("admin:index")).content.decode()
    assert reverse("admin:articles_article_change", args=[dead.pk]) in start and "Replace the address" in start
    page = listed(client, live="mend").content.decode()
    assert reverse("admin:articles_article_change", args=[dead.pk]) in page and "Replace the address" in page


def test_a_dead_address_of_a_cited_source_names_the_source_and_a_replaced_one_leaves(client, cast):
    Source.objects.filter(pk=cast.source.pk).update(url=GONE)
    newsroom.published(cast)
    gather()
    answered(Link.objects.get(url=GONE), 410)
    assert [use.key for use in shown(panel(client, cast.editor)).uses] == [cast.source.key]
    source = reverse("admin:sources_source_change", args=[cast.source.pk])
    assert source in client.get(reverse("admin:index")).content.decode()
    assert reverse("admin:sources_source_change", args=[cast.source.pk]) in listed(client).content.decode()
    Source.objects.filter(pk=cast.source.pk).update(url="https://new.example/")
    assert panel(client, cast.editor).count == 0


def test_an_article_that_is_withdrawn_or_a_draft_alerts_nobody(client, cast, dead):
    newsroom.draft(cast, body=with_link("https://draft.example/x"))
    Link.objects.create(url="https://draft.example/x", state="dead")
    assert panel(client, cast.editor).count == 1
    workflow.withdraw(article=dead, actor=cast.editor, notice="Withdrawn.")
    assert panel(client, cast.editor).count == 0
    assert listed(client).context["cl"].result_count == 2


def test_an_editor_says_that_it_is_fine_until_the_answer_changes(client, cast, dead):
    client.force_login(cast.editor)
    link = Link.objects.get(url=GONE)
    client.post(LIST, {"action": "mark_looked_at", "_selected_action": [link.pk]})
    link.refresh_from_db()
    assert link.looked_by == cast.editor and panel(client, cast.editor).count == 0
    assert f"by {cast.editor}" in listed(client).content.decode()
    answered(link, 410)
    assert panel(client, cast.editor).count == 0
    answered(link, 200, "https://gone.example/")
    assert panel(client, cast.editor).count == 1
    link.refresh_from_db()
    assert (link.state, link.looked_by) == ("moved", None)


def test_a_writer_cannot_say_that_it_is_fine(client, cast, dead):
    client.force_login(cast.writer)
    client.post(LIST, {"action": "mark_looked_at", "_selected_action": [Link.objects.get(url=GONE).pk]})
    assert Link.objects.get(url=GONE).looked_at is None


@pytest.mark.parametrize("site", ["", "https://betterment.example"])
def test_a_link_to_an_article_of_ours_that_nobody_sees_is_dead(client, cast, settings, site):
    settings.SITE_URL = "https://betterment.example"
    aim = newsroom.published(cast)
    newsroom.published(cast, body=with_link(f"{site}{aim.get_absolute_url()}#part"))
    gather()
    assert panel(client, cast.editor).count == 0
    workflow.withdraw(article=aim, actor=cast.editor, notice="Withdrawn.")
    asked = []
    LinkChecker(fetch=lambda url, **how: asked.append(url)).run(gather(), limit=0)
    assert shown(panel(client, cast.editor)).url == aim.get_absolute_url() and asked == []


def test_the_list_and_the_start_page_ask_no_more_for_many_links(client, cast, dead):
    def asked():
        with CaptureQueriesContext(connection) as start:
            client.get(reverse("admin:index"))
        with CaptureQueriesContext(connection) as rows:
            client.get(LIST, {"live": "mend"})
        return len(start), len(rows)

    client.force_login(cast.editor)
    before = asked()
    for serial in range(3):
        newsroom.published(cast, body=with_link(f"https://gone.example/{serial}"))
    gather()
    Link.objects.update(state="dead")
    assert panel(client, cast.editor).count == 4
    assert asked() == before


def test_the_list_leads_a_writer_only_to_articles_that_they_may_open(client, cast, dead):
    form = reverse("admin:articles_article_change", args=[dead.pk])
    link = reverse("admin:sources_link_change", args=[Link.objects.get(url=GONE).pk])
    for who, leads in ((cast.colleague, False), (cast.writer, True), (cast.editor, True)):
        client.force_login(who)
        for place in (LIST, link):
            page = client.get(place).content.decode()
            assert str(dead) in page and (form in page) == leads
