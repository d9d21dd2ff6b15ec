"""What stands beside the approved text and was not approved is said to be the editors' words, wherever it is shown."""

import json
import re

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from articles import workflow
from articles.models import Author, ChangeKind
from tests import newsroom
from tests.pictures.photos import photograph

NOTE = "The dose was three times too high & nobody noticed."
SHOWN = NOTE.replace("&", "&amp;")


@pytest.fixture
def corrected(cast):
    """A correction whose note nobody has approved."""
    article = newsroom.published(cast)
    newsroom.rewrite(cast, article, title="The right dose")
    newsroom.approve(newsroom.submit(cast, article))
    workflow.publish(article=article, actor=cast.editor, change_note=NOTE, kind=ChangeKind.CORRECTION)
    article.refresh_from_db()
    return article


def texts(value: object):
    """Yield every text in a JSON document."""
    if isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from texts(part)
    elif isinstance(value, str):
        yield value


def test_a_note_on_a_change_is_called_the_editors_wherever_it_is_shown(client, cast, corrected):
    slug, found = corrected.slug, {}
    names = {
        **{"article": [slug], "record": [slug], "version": [slug, 2], "corrections": [], "home": [], "feed_atom": []},
        **{"feed_json": [], "topic": [cast.topic.slug], "author": [cast.author.slug]},
    }
    for name, arguments in names.items():
        page = client.get(reverse(f"website:{name}", args=arguments)).content.decode()
        found[name] = page.count(SHOWN) + page.count(NOTE)
        assert found[name] == page.count(f"Editors’ note: {SHOWN}") + page.count(f"Editors’ note: {NOTE}"), name

    assert {name for name, count in found.items() if count} >= {"record", "corrections"}


def test_the_structured_data_of_a_correction_is_the_editors_words(client, corrected):
    page = client.get(corrected.get_absolute_url()).content.decode()
    data = json.loads(re.search(r'<script type="application/ld\+json"[^>]*>(.*?)</script>', page, re.DOTALL)[1])

    assert [text for text in texts(data) if NOTE in text] == [f"Editors’ note: {NOTE}"]


def test_the_reason_of_a_withdrawal_is_the_editors_words_on_the_lists(client, cast, corrected):
    workflow.withdraw(article=corrected, actor=cast.editor, notice=NOTE)
    for name, arguments in {"record": [corrected.slug], "corrections": []}.items():
        page = client.get(reverse(f"website:{name}", args=arguments)).content.decode()
        assert page.count(SHOWN) == page.count(f"Editors’ note: {SHOWN}") > 0


def test_the_page_says_what_the_approval_does_not_cover(client, corrected):
    for address in (corrected.get_absolute_url(), reverse("website:version", args=[corrected.slug, 2])):
        page = " ".join(client.get(address).content.decode().split())
        assert "The editors choose the topics, the recommended products and the notes on changes" in page


def test_an_approved_page_keeps_the_portrait_that_its_author_had(client, cast):
    cast.author.photo = ContentFile(photograph((500, 500), "red"))
    cast.author.save()
    before = Author.objects.get().photo.name.removesuffix(".jpg")
    article = newsroom.published(cast)
    cast.author.photo = ContentFile(photograph((500, 500), "blue"))
    cast.author.save()
    after = Author.objects.get().photo.name.removesuffix(".jpg")
    page = client.get(article.get_absolute_url()).content.decode()

    assert before != after
    assert before in page and after not in page
