"""The tables as text files: one file per room, with a block for each URL.

articles/<slug:slug>/
  GET draft,in_review,approved   404  404  …      one word for each role, in the order of scene.ROLES
  GET published                  ok   ok   …
"""

from pathlib import Path

from tests.access.scene import ROLES

FOLDER = Path(__file__).parent / "rows"
Cells = tuple[str, ...]
# (what is asked, at which stage) -> a word for each role
Block = dict[tuple[str, str], Cells]


def read(room: str) -> dict[str, Block]:
    """Return the blocks of a room by their route. Raise ValueError for a line that is not a row."""
    found: dict[str, Block] = {}
    block: Block = {}
    for line in (FOLDER / f"{room}.txt").read_text(encoding="utf-8").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        if not line.startswith("  "):
            block = found.setdefault(line.strip().removeprefix("/"), {})
            continue
        *asked, stages = line.split()[: -len(ROLES)]
        cells = tuple(line.split()[-len(ROLES) :])
        if len(asked) not in (1, 2):
            raise ValueError(f"{room}: {line!r} is no row.")
        for stage in stages.split(","):
            block[" ".join(asked), stage] = cells
    return found


def written(blocks: dict[str, Block]) -> str:
    """Return the text of a file. Rows that say the same of several stages are written as one."""
    lines = [f"# {'':42} {' '.join(f'{role:7}' for role in ROLES)}".rstrip()]
    for route, block in blocks.items():
        lines += ["", f"/{route}"]
        merged: dict[tuple[str, Cells], list[str]] = {}
        for (asked, stage), cells in block.items():
            merged.setdefault((asked, cells), []).append(stage)
        for (asked, cells), stages in merged.items():
            what = f"{asked} {','.join(stages)}"
            lines.append(f"  {what:42} {' '.join(f'{cell:7}' for cell in cells)}".rstrip())
    return "\n".join(lines) + "\n"
