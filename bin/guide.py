"""The lines of a guide, as a script; and somebody who types them in.

guide.py PAGE SECTION…
    the blocks marked `sh` under these headings, each line where it stands on the page, so that what bash says of a line
    names it. Exits with 1 where a heading is absent or nothing to run stands under it.
guide.py --type -- COMMAND…
    runs the command on a terminal, shows what it says, and answers where it asks for a name or a password.
"""

import os
import pty
import re
import secrets
import sys
from pathlib import Path

# Stops at the first line that fails and says which it was; keeps what was assigned for the sections that follow.
OPENING = (
    "set -eEuo pipefail; PS4='+ {page}:${{LINENO}}: '; KEPT=/root/.assigned; [ ! -e $KEPT ] || . $KEPT; "
    "trap 'declare -p {names} >$KEPT 2>/dev/null || true' EXIT; trap 'echo \"{page}:$LINENO: failed\" >&2' ERR; set -x"
)
_ASSIGNED = re.compile(r"^(?:export )?([A-Z_]+)=")


class NoSuchSection(Exception):
    """Raised for a heading that the page does not have, or that nothing to run stands under."""


def blocks(page: str) -> dict[str, list[tuple[int, str]]]:
    """By heading, the lines of its blocks marked `sh`, with their numbers. Raises ValueError for a block left open."""
    found: dict[str, list[tuple[int, str]]] = {}
    heading, fence = "", None
    for number, line in enumerate(page.splitlines(), start=1):
        if line.startswith("```"):
            fence = line[3:].strip() if fence is None else None
        elif fence is None and line.startswith("#"):
            heading = line.lstrip("#").strip()
            found.setdefault(heading, [])
        elif fence == "sh":
            found[heading].append((number, line))
    if fence is not None:
        raise ValueError("A block is not closed.")
    return found


def script(page: str, name: str, sections: list[str]) -> str:
    """The lines under these headings as a bash script in which each has the number that it has on the page."""
    known = blocks(page)
    for section in sections:
        if not known.get(section):
            raise NoSuchSection(f"{name} has nothing to run under “{section}”.")
    wanted = dict(pair for section in sections for pair in known[section])
    assigned = sorted({name for found in known.values() for _, line in found for name in _ASSIGNED.findall(line)})
    lines = [wanted.get(number, "") for number in range(1, max(wanted) + 1)]
    if lines[0]:
        raise ValueError("The first line of a page is its title.")
    lines[0] = OPENING.format(page=name, names=" ".join(assigned))
    return "\n".join(lines) + "\n"


def type_in(command: list[str]) -> int:
    """Run the command on a terminal; returns its exit status."""
    answers = {rb"Password[^\n:]*: ?$": secrets.token_urlsafe(24), rb"Name: ?$": "First Editor"}
    process, terminal = pty.fork()
    if not process:
        os.execvp(command[0], command)
    last = b""
    while True:
        try:
            said = os.read(terminal, 65536)
        except OSError:  # so ends a terminal that nobody writes to any more
            said = b""
        if not said:
            break
        os.write(sys.stdout.fileno(), said)
        last = (last + said)[-200:]
        for question, answer in answers.items():
            if re.search(question, last):
                os.write(terminal, f"{answer}\n".encode())
                last = b""
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


if __name__ == "__main__":
    if sys.argv[1:3] == ["--type", "--"]:
        sys.exit(type_in(sys.argv[3:]))
    try:
        sys.stdout.write(script(Path(sys.argv[1]).read_text(encoding="utf-8"), sys.argv[1], sys.argv[2:]))
    except NoSuchSection as error:
        sys.exit(str(error))
