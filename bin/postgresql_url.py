"""Print the DATABASE_URL of a local PostgreSQL on which the tests can run; exit with status 1 if there is none."""

import getpass
import sys
import zlib
from pathlib import Path

import psycopg2

OLDEST = 14_00_00  # the oldest version that Django 5.2 supports
MAY_CREATE = "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"


def candidates() -> list[str]:
    """Return the URLs to try, best first: the socket as the current user, then the usual superuser over TCP."""
    return [
        "postgresql:///postgres",
        f"postgresql:///{getpass.getuser()}",
        "postgresql://postgres@127.0.0.1/postgres",
    ]


def suits(url: str) -> bool:
    """Return whether a server of version 14 or newer answers at this URL and this role may create databases."""
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
    """Return the URL with a database name that is unique to this work tree, if its database is `postgres`.

    Two work trees that are tested at once must not share test databases. The database need not exist: Django connects
    to `postgres` to create `test_<name>`. A URL with another database is returned unchanged.
    """
    server, _, database = url.rpartition("/")
    tree = zlib.crc32(str(Path.cwd()).encode())
    return f"{server}/betterment_{tree:08x}" if database == "postgres" else url


if __name__ == "__main__":
    found = next((url for url in candidates() if suits(url)), None)
    if found is None:
        sys.exit(1)
    sys.stdout.write(of_this_tree(found) + "\n")
