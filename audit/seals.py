"""Seals: signed heads of the log, stored, written to files, and sent to the editors each week.

A seal that is kept elsewhere is evidence outside the database: somebody who rewrites texts, digests and leaves alike
cannot rewrite it.
"""

import base64
import os
import re
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from audit import keys, log
from audit.keys import Signer
from audit.leaves import time_text
from audit.models import Seal, SigningKey
from audit.receivers import append_ends
from audit.verify import Checkpoint, checkpoint_text, note_key_id, read_checkpoint

_NOTE = re.compile(r"^\S+\n\d+\n\S+\ntime \S+\n\n(?:— \S+ \S+(?:\n|$))+", re.MULTILINE)


def origin() -> str:
    """Return the name of this log in checkpoints, such as example.org/log."""
    return f"{settings.FEED_AUTHORITY}/log"


def seal(now: datetime | None = None) -> Seal | None:
    """Seal the log if it has grown, or if the key has changed, since the last seal. Return the newest seal.

    Ends of publications that the log lacks are appended first. The newest seal is also written to SEALS_DIR. `now` is
    the aware time of the seal, by default the current time. Return None if the log is empty. Raise NoKey if there is no
    key to sign with, and OSError if the file cannot be written.
    """
    by = keys.signer()
    with transaction.atomic():
        append_ends()
        newest = Seal.objects.select_related("signing_key").last()
        of = log.size()
        if of and (newest is None or newest.size < of or newest.signing_key_id != by.row.pk):
            newest = _made(of, by, now or timezone.now())
    if newest is not None:
        write(newest)
    return newest


def write(newest: Seal) -> Path:
    """Write a seal to its file in SEALS_DIR, unless that file exists, and return the path of the file.

    Raise OSError if the folder or the file cannot be written.
    """
    folder = Path(settings.SEALS_DIR)
    folder.mkdir(parents=True, exist_ok=True)
    host = re.sub(r"[^A-Za-z0-9.-]+", "-", settings.FEED_AUTHORITY)
    path = folder / f"{host}-{newest.size:09}-{newest.sealed_at:%Y%m%dT%H%M%SZ}.txt"
    if not path.exists():
        part = path.with_name(f".{path.name}.{os.getpid()}")
        part.write_text(newest.note, encoding="utf-8")
        part.replace(path)
    return path


def note_in(text: str) -> str:
    """Return the signed checkpoint in a text, such as a saved email, or the text itself if there is none."""
    found = _NOTE.search(text.replace("\r\n", "\n"))
    return found[0].rstrip("\n") + "\n" if found else text


def head_of(note: str) -> Checkpoint:
    """Return the checkpoint in a signed note. Raise Refused unless it is signed by an unrevoked key of this site."""
    rows = SigningKey.objects.filter(revoked_at=None).values_list("public_key", flat=True)
    return read_checkpoint(note, rows)


def _made(of: int, by: Signer, now: datetime) -> Seal:
    head = Checkpoint(origin(), of, log.root(of), time_text(now))
    text = checkpoint_text(head)
    given = base64.b64encode(note_key_id(head.origin, by.row.public_key) + by.sign(text.encode())).decode()
    note = f"{text}\n— {head.origin} {given}\n"
    return Seal.objects.create(size=of, root=head.root.hex(), sealed_at=now, signing_key=by.row, note=note)
