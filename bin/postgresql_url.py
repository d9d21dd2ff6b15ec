"""Prints the DATABASE_URL of a local PostgreSQL that the tests can run on; exits with 1 where none is."""

import getpass
import sys
import zlib
from pathlib import Path

import psycopg2

OLDEST = 14_00_00  # what Django 5.2 supports
MAY_CREATE = "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"


def candidates() -> list[str]:
    """Addresses to try, best first: the socket as the current user, then the customary superuser over TCP."""
    return [
        "postgresql:///postgres",
        f"postgresql:///{getpass.getuser()}",
        "postgresql://postgres@127.0.0.1/postgres",
    ]


def suits(url: str) -> bool:
    """Whether a recent enough server answers there and lets this role create the test databases."""
    try:
        connection = psycopg2.connect(url, connect_timeout=3)
    except psycopg2.OperationalError:
        return False
    try:
        with connection.cursor() as cursor:
            cursor.execute(MAY_CREATE)
            return connection.server_version >= OLDEST and cursor.fetchone() == (True,)
    finally:
        connection.close()


def of_this_tree(url: str) -> str:
    """Two work trees tested at once must not share test databases, so each gets a name of its own.

    The named database need not exist: Django creates `test_<name>` from the database `postgres`.
    """
    server, _, database = url.rpartition("/")
    tree = zlib.crc32(str(Path.cwd()).encode())
    return f"{server}/betterment_{tree:08x}" if database == "postgres" else url


if __name__ == "__main__":
    found = next((url for url in candidates() if suits(url)), None)
    if found is None:
        sys.exit(1)
    sys.stdout.write(of_this_tree(found) + "\n")
