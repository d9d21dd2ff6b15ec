"""The demonstration for tests of whole pages, and a server with the production settings for it.

In addition to what `load_demo` creates, one article is corrected, so that its record shows two versions and their
difference, and one is withdrawn, so that its address answers 410 with a notice. Both are done by the verbs that people
use.
"""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
STARTED_WITHIN = 180  # seconds; it takes two on an idle machine
CORRECTED, WITHDRAWN = "l-theanine-and-attention", "melatonin-for-jet-lag"

FURTHER = f"""
from accounts.models import User
from advisors import checklists, reviews
from advisors.models import Conflict, Ticked, Verdict
from articles import workflow
from articles.models import Article, ChangeKind

editor = User.objects.get(email="editor@example.org")

def decide(slug):
    article = Article.objects.get(slug=slug)
    for review in article.submissions.get(outcome="").reviews.exclude(verdict=Verdict.APPROVE).order_by("pk"):
        actor = review.advisor.user
        if not review.response:
            reviews.accept(review=review, actor=actor)
        ticks = {{item.pk: Ticked.YES for item in checklists.items_for(article)}}
        given = {{"conflict": Conflict.NONE, "verdict": Verdict.APPROVE, "ticks": ticks}}
        reviews.give_verdict(review=review, actor=actor, digest=review.submission.revision.digest, **given)
    return Article.objects.get(slug=slug)

workflow.publish(
    article=decide("{CORRECTED}"), actor=editor, kind=ChangeKind.CORRECTION,
    change_note="The first version named one trial for two. We have put this right.",
)
workflow.publish(article=decide("{WITHDRAWN}"), actor=editor)
workflow.withdraw(
    article=Article.objects.get(slug="{WITHDRAWN}"), actor=editor, notice="A dose in the text was wrong. We look at it."
)
"""

HIDDEN_TITLES = """
import json
from articles.models import Publication, Revision
from django.utils import timezone

seen = Publication.objects.filter(starts_at__lte=timezone.now(), cancelled_at=None).values("article")
print(json.dumps(sorted(set(Revision.objects.exclude(article__in=seen).values_list("title", flat=True)))))
"""


def environment(folder: Path) -> dict[str, str]:
    """Return the environment of a site whose database and pictures are in that folder."""
    return {
        **os.environ,
        "DATABASE_URL": f"sqlite:///{folder / 'site.sqlite3'}",
        "MEDIA_ROOT": str(folder / "media"),
        "STATIC_ROOT": str(folder / "static"),
        "PYTHONUNBUFFERED": "1",
    }


def manage(folder: Path, *command: str, **settings: str) -> str:
    """Return the output of that command of manage.py. Raises CalledProcessError if it fails."""
    done = subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=ROOT,
        env=environment(folder) | settings,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return done.stdout.strip()


def load(folder: Path) -> None:
    """Load the demonstration by the commands that people use."""
    manage(folder, "load_demo", "--migrate")


def load_further(folder: Path) -> None:
    """Add a correction and a withdrawal to a loaded demonstration."""
    manage(folder, "shell", "-v0", "-c", FURTHER)


def production_settings(address: str, static: Path) -> dict[str, str]:
    """Return the environment of production at that address, with the static files collected in that folder.

    Plain HTTP to this machine: browsers count it as a secure context and keep `Secure` cookies. Editors get in without
    a second factor, as in the demonstration; tests of the second factor and bin/smoke_production turn it on.
    """
    return {
        "BETTERMENT_ENV": "production",
        "SECRET_KEY": "of-a-server-that-lives-for-one-test-run-" * 2,
        "SITE_URL": address,
        "ALLOWED_HOSTS": "127.0.0.1,localhost",
        "EMAIL_HOST": "127.0.0.1",
        "DEFAULT_FROM_EMAIL": "The Betterment Project <newsroom@localhost>",
        "SSL_REDIRECT": "0",
        "SECOND_FACTOR_REQUIRED": "0",
        "STATIC_ROOT": str(static),
    }


def collect_static(static: Path) -> None:
    """Collect the static files into that folder as production does: hashed, gzip and brotli."""
    manage(static.parent, "collectstatic", "--noinput", "-v0", **production_settings("http://127.0.0.1", static))


@contextmanager
def production_server(folder: Path, static: Path) -> Iterator[str]:
    """Run `make serve`'s server on the site in `folder` and yield its address.

    Production's settings, the collected files in `static`, the page cache ahead of Django.
    """
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    settings = production_settings(address, static) | {
        "SKIP_STATIC": "1",
        "PORT": str(port),
        "WORKERS": "1",
        "VENV": sys.prefix,
    }
    with running(["sh", "bin/serve_production"], folder, address, settings):
        yield address


@contextmanager
def running(command: list[str], folder: Path, address: str, settings: dict[str, str]) -> Iterator[None]:
    """Context manager: run a server from its first answer to the end of the block.

    Raises RuntimeError with the server's log if it does not answer.
    """
    log = folder / "server.log"
    with log.open("w") as out:
        server = subprocess.Popen(
            command, cwd=ROOT, env=environment(folder) | settings, stdout=out, stderr=subprocess.STDOUT
        )
        try:
            if not _answers(address, server):
                raise RuntimeError(f"The server did not start:\n{log.read_text()}")
            yield
        finally:
            server.terminate()
            server.wait(60)


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def _answers(address: str, server: subprocess.Popen) -> bool:
    until = time.monotonic() + STARTED_WITHIN
    while time.monotonic() < until:
        try:
            urllib.request.urlopen(address, timeout=5)
            return True
        except urllib.error.HTTPError:
            return True
        except OSError:
            # Ends at once if the server ends.
            with suppress(subprocess.TimeoutExpired):
                server.wait(0.1)
                return False
    return False
