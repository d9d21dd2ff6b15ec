"""PostgreSQL stops at once and comes back: kept pages are still served, other pages say so, and committed data is
there.
"""

import pytest
from django.db import connection

from articles.models import Article
from tests import newsroom
from tests.audit.chain import Chain
from tests.endurance.clusters import binaries, cluster
from tests.endurance.crew import Crew, tell
from tests.endurance.databases import pointed_at
from tests.endurance.moves import company
from tests.endurance.proof import prove
from tests.endurance.serving import Readers, get, served, until
from tests.endurance.size import size
from tests.endurance.test_killed import assert_is_kept

RESTARTS = size(2, 20)

pytestmark = [
    pytest.mark.postgresql,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite is no server"),
    pytest.mark.skipif(binaries() is None, reason="no initdb of PostgreSQL here that this user may run"),
]


@pytest.fixture(autouse=True)
def waits_for_the_disk(monkeypatch):
    """Let commits wait for the disk, as they do on a site; `make test` lets them not."""
    monkeypatch.delenv("PGOPTIONS", raising=False)


def test_restarts_under_load_lose_nothing_and_need_nobody(own, tmp_path, capsys):
    cast, log = company(articles=4), tmp_path / "server.log"
    article = newsroom.published(cast, slug="kept", title="A text that is kept").get_absolute_url()
    missing = "/articles/none-{}/"
    connection.close()
    with cluster() as server, served(url := server.copy(own, "betterment"), log) as port:
        assert get(port, article)[0] == 200
        nobody_writes(server, port, article, log)
        with Crew(url, players=3, moves=0, outages=True) as crew, Readers(port, [article, missing, "/"]) as readers:
            for _ in range(RESTARTS):
                work(crew)
                server.restart()
                until(lambda: get(port, article)[0] == get(port, "/topics/sleep/")[0] == 200, log)
            work(crew)
            crew.stop()
        assert not crew.broken, crew.broken
        assert not readers.unclear, readers.unclear[:5]
        assert {status for _, status in readers.statuses} <= {200, 404, 503}
        assert readers.statuses[missing, 404] and readers.statuses[article, 200]
        assert crew.away, "the writers noticed nothing"
        with pointed_at(url):
            prove(Chain())
            assert crew.rows
            for verb, row in crew.rows:
                assert_is_kept(verb, row)
            assert Article.objects.count() == 5
    tell(capsys, crew, dict(readers.statuses))


def nobody_writes(server, port, article, log):
    """Stop the database for a while: kept pages are served and say so, other pages are refused clearly; then all works
    again.
    """
    assert "hit" in get(port, article)[1]["cache-status"]
    server.stop()
    until(lambda: "the database is silent" in get(port, article)[1].get("cache-status", ""), log)
    status, headers, body = get(port, article)
    assert status == 200 and "A text that is kept" in body and headers["cache-control"] == "no-cache"
    status, headers, body = get(port, "/products/")
    assert status == 503 and headers["retry-after"] and "Traceback" not in body and "psycopg" not in body
    assert get(port, "/healthz")[0] == 200 and get(port, "/readyz")[0] == 503
    server.start()
    until(lambda: get(port, "/products/")[0] == 200, log)
    until(lambda: "the database is silent" not in get(port, article)[1]["cache-status"], log)


def work(crew):
    """Let the writers make this many more moves."""
    enough = crew.done + 6
    while crew.done < enough:
        assert crew.listen(60) and not crew.broken, crew.broken
