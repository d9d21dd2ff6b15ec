"""Pages of authors and topics: they list everything that readers can open now, and nothing else."""

import json
import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import workflow
from articles.models import Author, Authorship, Topic
from sources.evidence_groups import mix, mix_of
from tests import newsroom


def another_author(cast, slug: str = "otto-other", title: str = "Of another", stage=newsroom.published):
    """Create an article at some stage whose byline has only another author."""
    author = Author.objects.create(name=slug.replace("-", " ").title(), slug=slug)
    article = newsroom.draft(cast, title=title)
    Authorship.objects.filter(article=article).update(author=author)
    newsroom.rewrite(cast, article, standfirst="Once more.")
    if stage is newsroom.published:
        newsroom.approve(newsroom.submit(cast, article))
        article.refresh_from_db()
        newsroom.publish(cast, article)
    return author


def get(client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return answer.content.decode()


def test_the_list_of_authors_names_those_of_whom_something_can_be_read(client, cast):
    newsroom.published(cast)
    another_author(cast)
    another_author(cast, "dora-draft", "A draft", stage=newsroom.draft)
    html = get(client, "/authors/")

    assert re.findall(r'<a href="(/authors/[^"]+/)">', html) == ["/authors/otto-other/", "/authors/wanda-writer/"]
    assert get(client, "/authors/dora-draft/", 404)


def test_the_list_of_authors_has_pages_and_asks_the_same_however_many(client, cast):
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            answer = client.get("/authors/")
        assert answer.is_public and not answer.cookies
        return len(queries)

    newsroom.published(cast)
    few = asked()
    for serial in range(3):
        another_author(cast, f"author-{serial}")
    assert asked() == few == 2
    assert get(client, "/authors/?page=2", 404)


def test_an_author_s_page_says_who_they_are_and_what_of_theirs_can_be_read(client, cast):
    Author.objects.update(biography="She reads trials.", orcid="0000-0002-1825-0097")
    newsroom.published(cast, title="A live text")
    newsroom.draft(cast, title="Canary")
    another_author(cast)
    html = get(client, "/authors/wanda-writer/")
    (script,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html)
    person = next(node for node in json.loads(script)["@graph"] if node["@type"] == "Person")

    assert "A live text" in html and "Canary" not in html and "Of another" not in html
    assert person["name"] == "Wanda Writer" and person["sameAs"] == ["https://orcid.org/0000-0002-1825-0097"]
    assert 'content="profile"' in html and "She reads trials." in html


def test_a_topic_s_page_shows_on_what_its_live_articles_rest(client, cast):
    newsroom.published(cast)
    gone = newsroom.published(cast)
    newsroom.draft(cast)
    html = get(client, "/topics/sleep/")
    assert "<strong>2</strong> trials" in html

    workflow.withdraw(article=gone, actor=cast.editor, notice="It was wrong.")
    cache.clear()
    assert "<strong>1</strong> trial<" in get(client, "/topics/sleep/")


def test_an_article_that_was_published_again_counts_once(client, cast):
    article = newsroom.published(cast)
    newsroom.rewrite(cast, article, title="Once more")
    newsroom.approve(newsroom.submit(cast, article))
    article.refresh_from_db()
    newsroom.publish(cast, article)

    assert "<strong>1</strong> trial<" in get(client, "/topics/sleep/")


def test_a_topic_asks_the_same_however_much_is_on_it(client, cast):
    def asked() -> int:
        cache.clear()
        with CaptureQueriesContext(connection) as queries:
            get(client, "/topics/sleep/")
        return len(queries)

    newsroom.published(cast)
    few = asked()
    for _ in range(4):
        newsroom.published(cast)
    assert asked() == few == 8  # three of these read the version of the site and the house settings


def test_a_topic_of_which_nothing_can_be_read_has_no_page(client, cast):
    Topic.objects.create(name="Light", slug="light")
    newsroom.publish(cast, newsroom.approved(cast), at=timezone.now() + timedelta(days=1))
    for slug in ("light", "sleep", "none"):
        get(client, f"/topics/{slug}/", 404)


@pytest.mark.parametrize("kinds", [[], ["cohort"], ["cohort", "cohort", "guideline", "animal"] * 3, ["nobody knows"]])
def test_counted_kinds_make_the_same_mix_as_listed_ones(kinds):
    assert mix(kinds) == mix_of({kind: kinds.count(kind) for kind in kinds})
    assert sum(share.width for share in mix(kinds)) == (1000 if kinds else 0)
