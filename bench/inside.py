"""One archive's process: told by lines what to measure, it answers with a line of JSON. `python -m bench.inside`"""

import json
import os
import sys

import django


def main() -> None:
    """Until the lines end: `names`, `page NAME`, `verbs SERIAL`, `publish SERIAL`, `integrity`, `memory`."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "betterment.settings")
    django.setup()
    from bench.measuring import Measuring

    measuring = Measuring()
    for line in sys.stdin:
        what, _, of = line.strip().partition(" ")
        answer = getattr(measuring, what)(*([of] if of else []))
        sys.stdout.write(f"{json.dumps(answer)}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
