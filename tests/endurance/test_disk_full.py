"""SQLite has no room left: every writer gets an error, nothing is lost or half written, and work continues once there
is room.
"""

import os
import resource
from pathlib import Path

import pytest
from django.conf import settings as site
from django.db import OperationalError, connection
from django.test import Client
from django.urls import reverse

from articles import drafting
from articles.models import Article
from newsletter.consent import CURRENT
from newsletter.models import Subscriber
from tests import newsroom
from tests.audit.chain import Chain
from tests.endurance.crew import Crew, tell
from tests.endurance.databases import contents
from tests.endurance.moves import company
from tests.endurance.proof import prove
from tests.endurance.size import size
from tests.endurance.test_killed import assert_is_kept

pytestmark = pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL keeps its own disk")
# Errors for a file-size limit of the process and for a full disk, and for waiting for a process whose disk is full.
FULL = ("disk I/O error", "database or disk is full", "database is locked")
LONG = "<p>" + "Sleep was longer. " * 500 + "</p>"


def pragma(name: str, value: int | None = None) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA {name}" + ("" if value is None else f" = {value}"))
        return cursor.fetchone()[0]


def rewrite(cast: newsroom.Cast, article: Article, word: str) -> None:
    article.refresh_from_db()
    body = newsroom.content()["body"] + LONG.replace("longer", word)
    drafting.rewrite(
        article=article, actor=cast.writer, seen_version=article.version, content=newsroom.content(body=body)
    )


def test_what_finds_no_room_is_refused_whole_and_goes_in_when_there_is_room(own):
    cast = newsroom.cast()
    shown = newsroom.published(cast)
    article = newsroom.draft(cast)
    most = pragma("max_page_count")
    pragma("max_page_count", pragma("page_count") + 2)  # as a disk does: "database or disk is full"
    written = []
    with pytest.raises(OperationalError, match="full"):
        for place in range(100):
            before = contents()
            rewrite(cast, article, f"longer{place}")
            written.append(place)
    assert contents() == before
    prove(Chain())
    visitor = Client(raise_request_exception=False)
    assert visitor.get(shown.get_absolute_url()).status_code == 200

    pragma("max_page_count", most)
    rewrite(cast, article, "longer at last")
    assert article.revisions.count() == len(written) + 2
    prove(Chain())


def test_a_form_that_finds_no_room_is_answered_by_what_happened(own):
    newsroom.cast()
    visitor, most = Client(raise_request_exception=False), pragma("max_page_count")
    ours = {"Origin": site.SITE_URL}
    pragma("max_page_count", 1)  # SQLite accepts what fits
    for place in range(1, 250):
        asked = Subscriber.objects.count()
        form = {"address": f"reader{place}@example.org", "consent": CURRENT}
        answer = visitor.post(reverse("newsletter:sign_up"), form, headers=ours, REMOTE_ADDR=f"198.51.{place}.7")
        if answer.status_code == 503:
            break
        assert answer.status_code == 303 and Subscriber.objects.count() == asked + 1
    assert answer.status_code == 503 and Subscriber.objects.count() == asked
    assert "nothing of it was saved" in answer.content.decode() and b"disk" not in answer.content
    pragma("max_page_count", most)
    again = visitor.post(reverse("newsletter:sign_up"), form, headers=ours, REMOTE_ADDR="198.51.0.7")
    assert again.status_code == 303 and Subscriber.objects.count() == asked + 1


def test_processes_that_cannot_write_any_more_go_on_when_they_can(own, capsys):
    """Each process may write files of only this many bytes, which the system refuses just as it does on a full disk."""
    company(articles=4)
    path = Path(connection.settings_dict["NAME"])
    rounds, chain = size(2, 20), Chain()
    with Crew(own, players=2, moves=0, outages=True) as crew:
        for _ in range(rounds):
            made, away = crew.done, crew.away.total()
            while crew.done < made + 5:
                assert crew.listen(60) and not crew.broken, crew.broken
            players = sorted(crew.there)
            for pid in players:
                limit(pid, os.path.getsize(path) // 2)
            while crew.away.total() < away + 4:
                assert crew.listen(60) and not crew.broken, crew.broken
            prove()
            for pid in players:
                limit(pid, resource.RLIM_INFINITY)
        made = crew.done
        while crew.done < made + 5:
            assert crew.listen(60) and not crew.broken, crew.broken
        crew.stop()
    prove(chain)
    assert not crew.broken and set(crew.away) <= {f"OperationalError: {why}" for why in FULL}
    for verb, row in crew.rows:
        assert_is_kept(verb, row)
    tell(capsys, crew)


def limit(pid: int, size_of_a_file: int) -> None:
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (size_of_a_file, resource.RLIM_INFINITY))
