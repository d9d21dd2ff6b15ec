"""Actions at the same moment, in threads with database connections of their own."""

from collections.abc import Callable
from threading import Barrier, Thread

from django.db import connection


def race(*moves: Callable[[], object]) -> list[object]:
    """Run the functions at the same moment and return the result of each, or the exception that it raised."""
    start, came_to = Barrier(len(moves)), [None] * len(moves)

    def run(place: int, move: Callable[[], object]) -> None:
        try:
            connection.ensure_connection()
            start.wait(timeout=120)
            came_to[place] = move()
        except Exception as error:  # returned to the test, which knows which ones are allowed
            came_to[place] = error
        finally:
            connection.close()

    threads = [Thread(target=run, args=(place, move), daemon=True) for place, move in enumerate(moves)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=300)
    assert not any(thread.is_alive() for thread in threads), "they wait for each other"
    return came_to
