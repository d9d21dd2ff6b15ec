"""Many clients work on few articles: whatever happens at the same time, the chain is whole and nobody gets an error."""

import random

import pytest
from django.db import connection

from articles import transitions
from tests.audit.chain import Chain
from tests.endurance.crew import Crew, tell
from tests.endurance.moves import company
from tests.endurance.proof import prove
from tests.endurance.size import FULL, size

CLIENTS, MOVES, LOOKS = size(6, 50), size(40, 400), size(3, 12)


@pytest.mark.postgresql
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one writer in at a time")
def test_many_clients_at_once_break_nothing_and_meet_no_error(own, capsys):
    company(articles=size(4, 12))
    chain, dice, total = Chain(), random.Random(5), CLIENTS * MOVES
    looks = sorted(dice.randrange(total) for _ in range(LOOKS))
    with Crew(own, CLIENTS, MOVES) as crew:
        while crew.listen(60):
            assert not crew.broken, crew.broken[0]
            if looks and crew.done >= looks[0]:
                prove(chain if len(looks) % 4 == 0 else None)
                looks.pop(0)
    prove(chain)
    assert not crew.broken and crew.done == total and not looks
    assert crew.refused, "they never met"
    if FULL:  # everything that the transition table allows was tried
        done = {verb for verb, refusal in crew.came_to if not refusal}
        assert done >= {*transitions.MOVES, "rewrite", "verdict", "decline", "assign"} - {"revise", "approve"}
    tell(capsys, crew)
