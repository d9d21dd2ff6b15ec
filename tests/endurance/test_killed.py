"""A process that is killed in the middle of a move leaves all of it or nothing, and nobody has to repair anything."""

import os
import random
import signal
from threading import Event

from django.db import connection

from advisors.models import Review
from tests.audit.chain import Chain
from tests.endurance.crew import Crew, tell
from tests.endurance.moves import company
from tests.endurance.proof import prove
from tests.endurance.size import size

KILLS = size(12, 200)
PLAYERS = 4
MIDDLE_AT_LEAST = KILLS // 2


def test_a_process_killed_at_any_moment_leaves_no_half_of_a_move(own, capsys):
    company(articles=4)
    chain, dice, in_the_middle = Chain(), random.Random(9), 0
    is_sqlite = connection.vendor == "sqlite"
    with Crew(own, PLAYERS, 0, replace=True, outages=is_sqlite) as crew:
        while crew.done < PLAYERS:
            assert crew.listen(60) and not crew.broken, crew.broken
        for place in range(KILLS):
            in_the_middle += kill_somebody(crew, dice)
            prove(chain if place % 50 == 49 else None)
        crew.stop()
    prove(chain)
    assert crew.killed == KILLS and not crew.broken, crew.broken
    # On SQLite, writers wait up to 20 seconds for each other. A slow machine can exceed that, which is printed.
    assert set(crew.away) <= {"OperationalError: database is locked"}
    assert in_the_middle > MIDDLE_AT_LEAST, "they were killed while they rested"
    for verb, row in crew.rows:
        assert_is_kept(verb, row)
    tell(capsys, crew)


def kill_somebody(crew: Crew, dice: random.Random) -> bool:
    """Kill a player at a random moment; return whether it was in the middle of a move."""
    enough = crew.done + dice.randrange(6)
    while crew.done < enough:
        assert crew.listen(60) and not crew.broken, crew.broken
    Event().wait(dice.random() / 20)  # the moment is random, and nothing is expected of it
    crew.listen(0)
    victim = dice.choice(sorted(crew.there))
    at_work, killed = victim in crew.busy, crew.killed
    os.kill(victim, signal.SIGKILL)
    while crew.killed == killed:
        assert crew.listen(60) and not crew.broken, crew.broken
    return at_work


def assert_is_kept(verb: str, row: str) -> None:
    """Check that the database contains what a process said it had done."""
    table, key = row.split(" ")
    if table == "advisors.review" and verb == "verdict":
        assert Review.objects.exclude(verdict="").filter(pk=key).exists(), row
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table.replace('.', '_')} WHERE id = %s", [key])
        assert cursor.fetchone() == (1,), f"{verb} said that it had made {row}"
