"""The demonstration content for tests of whole pages, and a server with production settings for it.

In addition to the content of `load_demo`, one article is corrected, so that its record shows two versions and their
difference, and one is withdrawn, so that its address responds 410 with a notice. Both use the same workflow functions
as the site. Then every version is signed.
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
from accounts.sessions import Means
from advisors import checklists, reviews
from advisors.models import Conflict, Ticked, Verdict
from advisors.quorum.signatures import Authentication
from articles import workflow
from articles.models import Article, ChangeKind
from audit import keys, records

editor = User.objects.get(email="editor@example.org")

def decide(slug):
    article = Article.objects.get(slug=slug)
    for review in article.submissions.get(outcome="").reviews.exclude(verdict=Verdict.APPROVE).order_by("pk"):
        actor = review.advisor.user
        if not review.response:
            reviews.accept(review=review, actor=actor)
        ticks = {{item.pk: Ticked.YES for item in checklists.items_for(article)}}
        given = {{"conflict": Conflict.NONE, "verdict": Verdict.APPROVE, "ticks": ticks}}
        given |= {{"authentication": Authentication(Means.PASSWORD), "digest": review.submission.revision.digest}}
        reviews.give_verdict(review=review, actor=actor, **given)
    return Article.objects.get(slug=slug)

workflow.publish(
    article=decide("{CORRECTED}"), actor=editor, kind=ChangeKind.CORRECTION,
    change_note="The first version named one trial for two. We have put this right.",
)
workflow.publish(article=decide("{WITHDRAWN}"), actor=editor)
workflow.withdraw(
    article=Article.objects.get(slug="{WITHDRAWN}"), actor=editor, notice="A dose in the text was wrong. We look at it."
)
keys.make()
records.sign_missing()
"""

HIDDEN_TITLES = """
import json
from articles.models import Publication, Revision
from django.utils import timezone

seen = Publication.objects.filter(starts_at__lte=timezone.now(), cancelled_at=None).values("article")
print(json.dumps(sorted(set(Revision.objects.exclude(article__in=seen).values_list("title", flat=True)))))
"""


def signing_settings(folder: Path) -> dict[str, str]:
    """Return the settings, which are environment variables too, of a site with its signing key in `folder`."""
    return {
        "SIGNING_KEY_FILE": str(folder / "keys" / "signing.pem"),
        "SIGNING_KEY_PASSPHRASE": "a passphrase of many random words",
        "SEALS_DIR": str(folder / "seals"),
    }


def environment(folder: Path) -> dict[str, str]:
    """Return the environment variables of a site whose database, pictures and static files are in `folder`."""
    return {
        **os.environ,
        "DATABASE_URL": f"sqlite:///{folder / 'site.sqlite3'}",
        "MEDIA_ROOT": str(folder / "media"),
        "STATIC_ROOT": str(folder / "static"),
        "PYTHONUNBUFFERED": "1",
        **signing_settings(folder),
    }


def manage(folder: Path, *command: str, **settings: str) -> str:
    """Run a command of manage.py on the site in `folder`; return its output. Raise CalledProcessError if it fails."""
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
    """Migrate the database of the site in `folder` and load the demonstration content, with `load_demo`."""
    manage(folder, "load_demo", "--migrate")


def make_renditions(folder: Path) -> None:
    """Make the renditions of the pictures of the site in `folder`, as the job runner does."""
    manage(folder, "make_picture_widths")


def load_further(folder: Path) -> None:
    """Add a correction and a withdrawal to a site into which `load` has loaded the demonstration."""
    manage(folder, "shell", "-v0", "-c", FURTHER)


def production_settings(address: str, static: Path) -> dict[str, str]:
    """Return environment variables for production settings with this address and folder of static files.

    The site uses plain HTTP, which browsers treat as a secure context on this machine, so they accept `Secure` cookies.
    Editors need no second factor, as in the demonstration; tests of the second factor and bin/smoke_production require
    it.
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
    """Collect the static files into the folder `static` as in production: hashed, and compressed by gzip and brotli."""
    manage(static.parent, "collectstatic", "--noinput", "-v0", **production_settings("http://127.0.0.1", static))


@contextmanager
def production_server(folder: Path, static: Path) -> Iterator[str]:
    """Return a context manager that runs the server of `make serve` on the site in `folder` and yields its address.

    The server has production settings, the static files collected in `static`, and the page cache in front of Django.
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
    """Return a context manager that starts a server, waits until it responds, and stops it at the end of the block.

    Raise RuntimeError with the log of the server if it ends or does not respond within STARTED_WITHIN seconds.
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
            # Wait for 0.1 s, and give up at once if the server has ended.
            with suppress(subprocess.TimeoutExpired):
                server.wait(0.1)
                return False
    return False
