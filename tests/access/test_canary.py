"""No word of an article that readers must not see reaches them: by no URL, feed, search, picture or error page."""

import json
import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import urljoin, urlsplit

import pytest
from django.test import Client

from tests.access import canary
from tests.access.walking import filled, places, room_of, routes

# Several headers at once, which do not hide each other: the pages have to answer as they do without them.
HOSTILE = {
    "another host, address and person": {
        **{"HTTP_X_FORWARDED_HOST": "evil.example", "HTTP_FORWARDED": "host=evil.example"},
        **{"HTTP_X_ORIGINAL_URL": "/admin/", "HTTP_X_REWRITE_URL": "/admin/"},
        **{"HTTP_AUTHORIZATION": "Basic ZWRpdG9yOg==", "HTTP_REMOTE_USER": "editor@example.org"},
        "HTTP_COOKIE": "sessionid=1; board=1:1:1; messages=1; preview=1",
    },
    "as data, and part of it": {
        **{"HTTP_ACCEPT": "application/json", "HTTP_X_REQUESTED_WITH": "XMLHttpRequest", "HTTP_RANGE": "bytes=0-"},
    },
}
ASKED_FOR = ("?preview=1", "?version=2", "?revision=1", "?draft=1", "?format=json", "?page=2", "?stage=draft", "?_=1")


@pytest.fixture
def aviary(db) -> canary.Aviary:
    return canary.build()


def readers_addresses(aviary: canary.Aviary) -> set[str]:
    """Return every URL for readers, with the slug of every object, hidden or not."""
    articles = [article.slug for article in aviary.hidden.values()] + ["article-1"]
    values = {
        "slug": [*articles, *("sleep", "wanda-writer", "ada", "ben", "magnesium")],
        **{"ending": ["ris", "bib", "nbib", "json"], "number": [1, 2], "part": [1, 2], "token": ["no-token"]},
        "citation_key": ["doe2020"],
        "name": [*aviary.pictures.values(), "pictures/none.jpg"],
    }
    found: set[str] = set()
    for route in routes():
        if room_of(route) not in ("readers", "newsletter"):
            continue
        choices: list[dict] = [{}]
        for name in places(route):
            choices = [{**chosen, name: value} for chosen in choices for value in values.get(name, [1])]
        found.update(filled(route, chosen) for chosen in choices)
    return found | {"/no/such/page/", "/feed/", "/articles/", "/?page=2", "/%ff"}


def everything(client: Client, aviary: canary.Aviary, follow: bool = True, **headers: str) -> Iterator[tuple[str, str]]:
    """Return each URL and its response: status, headers and body. Follow URLs that a response contains if `follow`."""
    waiting, seen = sorted(readers_addresses(aviary)), set()
    while waiting:
        address = waiting.pop()
        if address in seen:
            continue
        seen.add(address)
        answer = client.get(address, **headers)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        text = f"{answer.status_code} {dict(answer.headers)} {body.decode(errors='replace')}"
        yield address, text
        if not follow:
            continue
        for link in re.findall(r'(?:href|src|action|srcset)="([^"#]+)', text) + re.findall(r"<loc>([^<]+)", text):
            parts = urlsplit(urljoin(f"http://testserver{address}", link.split()[0]))
            own = parts.hostname in ("testserver", "127.0.0.1")
            if own and not parts.path.startswith(("/admin/", "/static/", "/account/")):
                waiting.append(parts.path + (f"?{parts.query}" if parts.query else ""))


def leaks(aviary: canary.Aviary, address: str, text: str) -> list[str]:
    """Return the words in a response, in its data for machines and elsewhere, and the pictures that it names.

    A word in the URL itself is not counted if the response repeats the URL.
    """
    said = text.lower().replace(address.lower(), "")
    for data in re.findall(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL):
        said += json.dumps(json.loads(data), ensure_ascii=False).lower()  # without JSON's escapes
    found = [word for word in canary.WORDS.values() if word in said]
    if not address.startswith("/media/"):
        names = [name.rpartition("/")[2].partition(".")[0] for name in aviary.pictures.values()]
        found += [name for name in names if name in text]
    return found


def test_the_words_are_there_to_be_found(client, aviary):
    """If the words were not there, the tests below would pass for the wrong reason."""
    client.force_login(aviary.cast.editor)
    for stage, article in aviary.hidden.items():
        page = client.get(f"/admin/articles/article/{article.pk}/change/").content.decode()
        assert page.count(canary.WORDS[stage]) >= 4, stage


def test_a_reader_finds_nothing_of_it_whatever_headers_they_send(client, aviary):
    statuses = {}
    for name, headers in ("none", {}), *HOSTILE.items(), ("none again, after what was cached", {}):
        statuses[name] = {}
        for address, text in everything(client, aviary, **headers):
            assert leaks(aviary, address, text) == [], (name, address)
            statuses[name][address] = text[:3]
    for name, found in statuses.items():
        assert found == statuses["none"], name


def test_the_pages_of_readers_are_the_same_for_those_who_may_see_it_elsewhere(client, aviary):
    for who in ("editor", "writer", "advisor1", "admin"):
        client.force_login(aviary.cast.everybody[who])
        for address, text in everything(client, aviary, follow=False):
            assert leaks(aviary, address, text) == [], (who, address)


def test_nothing_that_is_asked_for_in_an_address_brings_it_out(client, aviary):
    pages = [f"/articles/{article.slug}/" for article in aviary.hidden.values()] + ["/", "/topics/sleep/"]
    for page in pages:
        for asked in ASKED_FOR:
            text = client.get(page + asked).content.decode().lower()
            assert [word for word in canary.WORDS.values() if word in text] == [], page + asked


def test_searching_for_the_word_tells_nobody_that_it_is_anywhere(client, aviary):
    def results(typed: str) -> str:
        html = client.get("/search/", {"q": typed}).content.decode()
        return html.replace(typed, "…").replace(typed.capitalize(), "…")

    for stage, word in canary.WORDS.items():
        assert results(word) == results("wobblecrust"), stage
        for typed in (word[:-1], word[1:], word[:5], f'"{word}"', f"{word} sleep", word.upper()):
            html = unescape(client.get("/search/", {"q": typed}).content.decode()).lower()
            assert word not in html.replace(typed.lower(), ""), typed


def test_no_other_method_brings_it_out(client, aviary):
    for address in sorted(readers_addresses(aviary)):
        if room_of(address[1:]) == "readers" and not address.startswith("/media/"):  # pictures contain no words
            for method in ("head", "options", "post", "put", "patch", "delete", "trace"):
                answer = getattr(client, method)(address)
                said = f"{dict(answer.headers)} {getattr(answer, 'content', b'').decode()}".lower().replace(address, "")
                assert [word for word in canary.WORDS.values() if word in said] == [], (method, address)


def test_who_may_not_enter_the_newsroom_is_told_no_word_by_it(client, aviary):
    for who in (None, "outsider"):
        if who:
            client.force_login(aviary.cast.everybody[who])
        for stage, article in aviary.hidden.items():
            for part in ("change", "preview"):
                answer = client.get(f"/admin/articles/article/{article.pk}/{part}/", follow=True)
                assert canary.WORDS[stage] not in answer.content.decode(), (who, part, stage)


def test_a_writer_finds_no_word_of_somebody_elses_draft_in_the_newsroom(client, aviary):
    client.force_login(aviary.cast.colleague)
    for article in aviary.hidden.values():
        for part in ("change", "preview", "history", "compare", "checks", "links", "revision/1", "delete"):
            answer = client.get(f"/admin/articles/article/{article.pk}/{part}/", follow=True)
            assert [word for word in canary.WORDS.values() if word in answer.content.decode()] == [], part
    for page in ("/admin/", "/admin/articles/article/", "/admin/articles/article/pick/articles/?q=sleep"):
        answer = client.get(page)
        assert [word for word in canary.WORDS.values() if word in answer.content.decode()] == [], page
