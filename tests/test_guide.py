"""bin/follow_guide follows the whole guide to deployment, and the lines keep their numbers."""

import re
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

from jobs import registry

ROOT = Path(__file__).resolve().parent.parent
GUIDE = (ROOT / "docs/how-to/deploy.md").read_text(encoding="utf-8")
FOLLOWER = (ROOT / "bin/follow_guide").read_text(encoding="utf-8")
guide = runpy.run_path(str(ROOT / "bin/guide.py"))

PAGE = """# Title

## One

```sh
A=1
echo "$A"
```

```
never run
```

### Two

```sh
echo two $A
```

## Words
"""


def followed() -> list[str]:
    """Return the headings that bin/follow_guide names, in its order."""
    lines = re.findall(r'^follow (".*")$', FOLLOWER, re.MULTILINE)
    return [heading for line in lines for heading in re.findall(r'"([^"]+)"', line)]


def guide_section(heading: str) -> str:
    """The text of one section of the guide."""
    return GUIDE.split(f"\n## {heading}\n")[1].split("\n## ")[0]


def test_every_heading_with_something_to_run_is_followed_in_the_order_of_the_page():
    assert followed() == [heading for heading, lines in guide["blocks"](GUIDE).items() if lines]


def test_every_line_of_a_block_is_a_whole_command_of_the_shell():
    lines = [pair for found in guide["blocks"](GUIDE).values() for pair in found if pair[1].strip()]
    assert len(lines) > 60
    for number, line in lines:
        done = subprocess.run(["bash", "-n", "-c", line], capture_output=True, text=True)
        assert done.returncode == 0 and not line.endswith("\\"), (number, line, done.stderr)


def test_a_block_is_marked_sh_or_not_at_all():
    assert set(re.findall(r"^```(\S+)$", GUIDE, re.MULTILINE)) == {"sh"}


def test_what_the_guide_copies_is_in_the_repository():
    named = set(re.findall(r"/srv/betterment/((?:deploy|bin|docs|requirements)[\w./@*-]*)", GUIDE))
    assert "deploy/nginx/betterment.conf" in named
    assert [path for path in named if not list(ROOT.glob(path))] == []


def test_every_service_and_timer_of_the_repository_is_started_by_the_guide_and_again_by_an_upgrade():
    units = {path.name for path in (ROOT / "deploy/systemd").iterdir()}
    assert units == {
        *("betterment.service", "betterment-work.service", "betterment-backup.service", "betterment-backup.timer"),
    }
    started = " ".join(re.findall(r"^systemctl enable --now (.*)$", GUIDE, re.MULTILINE)).split()
    again = " ".join(re.findall(r"^systemctl start (.*)$", guide_section("Upgrades"), re.MULTILINE)).split()
    assert units - {*started} == {"betterment-backup.service"}  # which its timer starts
    assert {*started} - {"postgresql"} <= {*again}


def test_every_job_of_the_site_stands_in_the_table_of_the_guide():
    table = re.findall(r"^\| `([a-z]+\.[a-z_]+)` \|", GUIDE, re.MULTILINE)
    assert sorted(table) == registry.names()


def test_a_script_has_each_line_where_it_stands_on_the_page():
    lines = guide["script"](PAGE, "page.md", ["One", "Two"]).splitlines()
    for number, line in enumerate(PAGE.splitlines(), start=1):
        if number in (6, 7, 17):
            assert lines[number - 1] == line
    assert "never run" not in "\n".join(lines)
    assert [number for number, line in enumerate(lines, start=1) if line] == [1, 6, 7, 17]


def test_a_script_stops_at_the_first_line_that_fails_and_names_it(tmp_path):
    page = PAGE.replace('echo "$A"', "false")
    script = guide["script"](page, "page.md", ["One", "Two"]).replace("/root/.assigned", str(tmp_path / "assigned"))
    done = subprocess.run(["bash"], input=script, capture_output=True, text=True)
    assert done.returncode == 1 and "page.md:7: failed" in done.stderr and "two" not in done.stdout


def test_what_one_section_assigns_the_next_one_knows(tmp_path):
    for section, said in (("One", "1\n"), ("Two", "two 1\n")):
        script = guide["script"](PAGE, "page.md", [section]).replace("/root/.assigned", str(tmp_path / "assigned"))
        done = subprocess.run(["bash"], input=script, capture_output=True, text=True)
        assert (done.returncode, done.stdout) == (0, said)


@pytest.mark.parametrize("section", ["Words", "No such heading", "Title"])
def test_a_heading_with_nothing_to_run_is_an_error(section):
    with pytest.raises(guide["NoSuchSection"]):
        guide["script"](PAGE, "page.md", [section])


def test_a_block_that_is_left_open_is_an_error():
    with pytest.raises(ValueError, match="not closed"):
        guide["blocks"]("# Title\n\n```sh\ntrue\n")


def test_questions_for_a_password_are_answered_on_a_terminal():
    ask = "import getpass; a, b = getpass.getpass(), getpass.getpass('Password (again): '); print(a == b, len(a))"
    command = [sys.executable, str(ROOT / "bin/guide.py"), "--type", "--", sys.executable, "-c", ask]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0 and done.stdout.splitlines()[-1] == "True 32"


def test_the_end_of_a_command_on_a_terminal_is_told():
    command = [sys.executable, str(ROOT / "bin/guide.py"), "--type", "--", "sh", "-c", "exit 7"]
    assert subprocess.run(command, capture_output=True, timeout=300).returncode == 7
