"""Exit with status 1 and one line of advice if the development server cannot listen on the given port."""

import socket
import sys


def problem(port: int) -> str:
    """Return the reason why 127.0.0.1:`port` is not free (“taken by another program”), or "" if it is free."""
    with socket.socket() as caller:
        caller.settimeout(2)
        if caller.connect_ex(("127.0.0.1", port)) == 0:
            return "taken by another program"
    with socket.socket() as listener:
        # The development server sets this too. Without it, a port that was just closed would count as taken.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", port))
        except PermissionError:
            return "reserved for the system"
        except OSError as error:
            return f"not available ({error.strerror})"
    return ""


def main(text: str) -> None:
    """Exit with status 1 and a message if `text` is not the number of a free port."""
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        sys.exit(f"PORT={text} is not a port number: use one from 1024 to 65535, such as make run PORT=8001")
    port = int(text)
    if reason := problem(port):
        candidates = range(max(port + 1, 8001), 65536)
        free = next((other for other in candidates if not problem(other)), 8001)
        sys.exit(f"Port {port} is {reason}. Stop that program, or take another port: make run PORT={free}")


if __name__ == "__main__":
    main(sys.argv[1])
