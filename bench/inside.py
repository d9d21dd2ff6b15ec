"""The process that measures one archive: it reads commands from standard input and answers each with a line of JSON."""

import json
import os
import sys

import django


def main() -> None:
    """Answer `names`, `page NAME`, `verbs SERIAL`, `publish SERIAL`, `integrity` and `memory` until the input ends."""
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
