"""Processes that make moves on a database (DATABASE_URL): a foreman forks the players, and replaces those that are
killed.

`Crew` is the test's end of it; `python -m tests.endurance.crew` is the other end. Events are sent as lines: "begun
PID", "done PID VERB REFUSAL ROW", "away PID ERROR", "broken PID TRACE", "killed PID", "home PID".
"""

import argparse
import json
import os
import random
import select
import signal
import subprocess
import sys
import time
import traceback
from collections import Counter
from pathlib import Path

from tests.endurance.size import FULL

TREE = Path(__file__).resolve().parents[2]


class Crew:
    """A foreman with this many players, each of whom makes this many moves (0: until told to stop).

    With `replace`, a new player replaces each one that is killed. With `outages`, a database that does not answer is
    counted and tried again, as readers of a site would; without, it is an error like any other.
    """

    def __init__(
        self, url: str, players: int, moves: int, seed: int = 1, *, replace: bool = False, outages: bool = False
    ) -> None:
        self.command = [sys.executable, "-m", "tests.endurance.crew", str(players), str(moves), str(seed)]
        self.command += ["--replace"] * replace + ["--outages"] * outages
        self.environment = {**os.environ, "DATABASE_URL": url, "BETTERMENT_ENV": "development", "DEBUG": "0"}
        self.busy: set[int] = set()
        self.there: set[int] = set()
        self.killed = 0
        self.came_to: Counter[tuple[str, str]] = Counter()
        self.rows: set[tuple[str, str]] = set()
        self.away: Counter[str] = Counter()
        self.broken: list[str] = []
        self._rest = b""

    def __enter__(self) -> "Crew":
        self.foreman = subprocess.Popen(self.command, cwd=TREE, env=self.environment, stdout=subprocess.PIPE)
        return self

    def __exit__(self, *error: object) -> None:
        if self.foreman.poll() is None:
            self.foreman.kill()  # its players end when they next write
        self.foreman.stdout.close()
        self.foreman.wait()

    @property
    def done(self) -> int:
        """Return the number of moves that were made and not refused."""
        return sum(count for (_, refusal), count in self.came_to.items() if not refusal)

    @property
    def refused(self) -> int:
        """Return the number of moves that were refused."""
        return sum(count for (_, refusal), count in self.came_to.items() if refusal)

    def listen(self, seconds: float) -> bool:
        """Read events for this many seconds, or until one arrives. Return False if all players have ended."""
        if select.select([self.foreman.stdout], [], [], seconds)[0]:
            said = os.read(self.foreman.stdout.fileno(), 65536)
            if not said:
                return False
            *lines, self._rest = (self._rest + said).split(b"\n")
            for line in lines:
                self._hear(*line.decode().split(" ", 2))
        return True

    def hear_out(self) -> None:
        """Read events until all players have ended."""
        while self.listen(60):
            pass
        self.foreman.wait()

    def stop(self) -> None:
        """Stop: every player finishes its current move and ends."""
        self.foreman.send_signal(signal.SIGTERM)
        self.hear_out()

    def _hear(self, what: str, who: str, words: str = "") -> None:
        pid = int(who)
        self.there.add(pid)
        if what == "begun":
            self.busy.add(pid)
            return
        self.busy.discard(pid)
        if what == "done":
            verb, refusal, row = json.loads(words)
            self.came_to[verb, refusal] += 1
            if row:
                self.rows.add((verb, row))
        elif what == "away":
            self.away[words] += 1
        elif what == "broken":
            self.broken.append(json.loads(words))
        if what in ("killed", "home", "broken"):
            self.there.discard(pid)
            self.killed += what == "killed"


def tell(capsys: object, crew: Crew, more: object = "") -> None:
    """Print the results, but only in a run of full size."""
    if not FULL:
        return
    verbs = ", ".join(f"{verb} {refusal or 'done'} {count}" for (verb, refusal), count in sorted(crew.came_to.items()))
    with capsys.disabled():
        sys.stdout.write(
            f"\n{crew.done} moves, {crew.refused} refused, {crew.killed} killed, away {dict(crew.away)} {more}\n"
        )
        sys.stdout.write(f"{verbs}\n")


def say(*words: object) -> None:
    """Write one whole line, even if other processes write at the same time."""
    os.write(1, (" ".join(map(str, words)) + "\n").encode())


def play(seed: int, moves: int, outages: bool) -> None:
    """Make one move after another in this process; the exit status says whether all went well."""
    from django.db import DatabaseError, InterfaceError, close_old_connections

    from core.error_pages import is_outage
    from tests.endurance.moves import Player

    told_to_stop = []
    signal.signal(signal.SIGTERM, lambda *_: told_to_stop.append(True))
    me, player, made = os.getpid(), None, 0
    while not told_to_stop and (not moves or made < moves):
        say("begun", me)
        try:
            close_old_connections()  # as at the start of a request
            player = player or Player(seed)
            move = player.move()
        except (DatabaseError, InterfaceError) as error:
            if not outages or not is_outage(error):
                raise
            say("away", me, " ".join(f"{type(error).__name__}: {error}".split())[:100])
            time.sleep(0.05)  # asking again at once would have the same result
        else:
            made += not move.refusal
            say("done", me, json.dumps([move.verb, move.refusal, move.row]))


class Foreman:
    """Forks the players from a process in which everything is imported already."""

    def __init__(self, moves: int, seed: int, replace: bool, outages: bool) -> None:
        self.moves, self.replace, self.outages = moves, replace, outages
        self.seeds = random.Random(seed)
        self.players: set[int] = set()
        self.stopping = False
        signal.signal(signal.SIGTERM, self.stop)

    def fork(self) -> None:
        seed = self.seeds.randrange(2**32)
        pid = os.fork()
        if pid:
            self.players.add(pid)
            return
        status = 1
        try:
            play(seed, self.moves, self.outages)
            say("home", os.getpid())
            status = 0
        except BrokenPipeError:  # nobody reads any more
            status = 2
        except BaseException:
            say("broken", os.getpid(), json.dumps(traceback.format_exc()[-3000:]))
        finally:
            os._exit(status)

    def stop(self, *_: object) -> None:
        self.stopping = True
        for pid in self.players:
            os.kill(pid, signal.SIGTERM)

    def watch(self) -> None:
        """Wait until the last player has ended."""
        while self.players:
            pid, status = os.wait()
            self.players.discard(pid)
            if os.WIFSIGNALED(status):
                say("killed", pid)
                if self.replace and not self.stopping:
                    self.fork()


def warm_up() -> None:
    """Import and compile once what every player needs: addresses, views, the templates of emails."""
    from django.template.loader import get_template
    from django.urls import reverse

    from tests.endurance import moves  # noqa: F401

    reverse("admin:articles_article_change", args=[1])
    for path in TREE.glob("*/templates/emails/*"):
        get_template(f"emails/{path.name}")


def main() -> None:
    parser = argparse.ArgumentParser()
    for name in ("players", "moves", "seed"):
        parser.add_argument(name, type=int)
    for name in ("--replace", "--outages"):
        parser.add_argument(name, action="store_true")
    given = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "betterment.settings")
    import django

    django.setup()
    warm_up()
    foreman = Foreman(given.moves, given.seed, given.replace, given.outages)
    for _ in range(given.players):
        foreman.fork()
    foreman.watch()


if __name__ == "__main__":
    main()
