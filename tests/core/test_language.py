"""Pages, feeds and emails declare the language of the publication."""

import pytest
from django.template.loader import render_to_string

from core.language import language_tag


@pytest.mark.parametrize(
    ("code", "tag"), [("en-gb", "en-GB"), ("de", "de"), ("zh-hans", "zh-Hans"), ("pt-br", "pt-BR")]
)
def test_a_language_code_is_written_as_a_language_tag(settings, code, tag):
    settings.LANGUAGE_CODE = code
    assert language_tag() == tag


@pytest.mark.django_db
def test_every_kind_of_page_declares_the_language_of_the_site(settings, client):
    settings.LANGUAGE_CODE = "fr-ca"
    pages = [client.get("/").content.decode(), client.get("/nowhere/").content.decode()]
    pages += [render_to_string(name) for name in ("403_csrf.html", "_broken.html", "emails/_layout.html")]
    assert [page.partition('<html lang="')[2].partition('"')[0] for page in pages] == ["fr-CA"] * 5
    feeds = [client.get(path).content.decode() for path in ("/feeds/articles.atom", "/feeds/articles.json")]
    assert "<feed" in feeds[0] and "items" in feeds[1] and all("fr-CA" in feed for feed in feeds)
