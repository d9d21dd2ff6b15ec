"""Become `manage.py work` once the development server accepts connections on the given port of 127.0.0.1.

By then the database is migrated, and starting the runner does not delay the server.
"""

import os
import socket
import sys
import time

POLL = 0.2  # seconds


def is_served(port: int) -> bool:
    """Return whether the port accepts connections."""
    with socket.socket() as caller:
        caller.settimeout(2)
        return caller.connect_ex(("127.0.0.1", port)) == 0


if __name__ == "__main__":
    while not is_served(int(sys.argv[1])):
        time.sleep(POLL)
    os.execv(sys.executable, [sys.executable, "manage.py", "work"])
