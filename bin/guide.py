"""Turn the commands of a guide into a script, or run a command and answer its prompts.

guide.py PAGE SECTION…
    Print the `sh` blocks under these headings as a script. Each line keeps the line number that it has on the page, so
    that bash's messages refer to the page. Exit with status 1 if a heading is missing or has no `sh` block.

guide.py --type -- COMMAND…
    Run the command on a terminal, show its output, and answer its prompts for a name or a password.
"""

import os
import pty
import re
import secrets
import sys
from pathlib import Path

# Stops at the first line that fails and reports it; saves the variables that were assigned, for the next sections.
OPENING = (
    "set -eEuo pipefail; PS4='+ {page}:${{LINENO}}: '; KEPT=/root/.assigned; [ ! -e $KEPT ] || . $KEPT; "
    "trap 'declare -p {names} >$KEPT 2>/dev/null || true' EXIT; trap 'echo \"{page}:$LINENO: failed\" >&2' ERR; set -x"
)
_ASSIGNED = re.compile(r"^(?:export )?([A-Z_]+)=")


class NoSuchSection(Exception):
    """Raised for a heading that the page does not have or that has no `sh` block under it."""


def blocks(page: str) -> dict[str, list[tuple[int, str]]]:
    """Return the lines of the `sh` blocks under each heading, as pairs of line number and text.

    Raise ValueError if a block is not closed.
    """
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
    """Return a bash script of the lines under these headings, in which each line has the same number as on the page.

    Raise NoSuchSection if a heading is missing or has nothing to run, and ValueError if the page begins with a command
    or a block is not closed.
    """
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
    """Run the command on a terminal, print its output, and answer prompts for a name or a password.

    Return its exit status.
    """
    answers = {rb"Password[^\n:]*: ?$": secrets.token_urlsafe(24), rb"Name: ?$": "First Editor"}
    process, terminal = pty.fork()
    if not process:
        os.execvp(command[0], command)
    last = b""
    while True:
        try:
            said = os.read(terminal, 65536)
        except OSError:  # raised at the end, when no process has the terminal open any more
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
