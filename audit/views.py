"""The public files with which anybody can check a version of an article (audit.records, audit.verify).

A record is served as long as the article has a public record, even if its text is withheld; content and body are not.
"""

import inspect
from functools import cache

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from articles.models import Rendering
from audit import log, records, verify
from audit.leaves import time_text
from audit.models import Seal, SignedRecord, SigningKey
from core.public import public
from website.record import history_of

JSON, TEXT = "application/json", "text/plain; charset=utf-8"


@require_safe
@public(parameters=())
def record(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Return the signed record of a version. Raise Http404 if readers have no such version or it is not signed yet."""
    return _file(_record(slug, number)[0].data.encode(), JSON, f"{slug}-{number}-record.json")


@require_safe
@public(parameters=())
def content(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Return the approved bytes, whose digest is in the record. Respond 410 if the text is withheld.

    Raise Http404 if readers have no such version or it is not signed yet.
    """
    found, is_withheld = _record(slug, number)
    if is_withheld:
        return _withheld()
    return _file(records.content_of(found.publication.approval.revision), JSON, f"{slug}-{number}-content.json")


@require_safe
@public(parameters=())
def body(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Return the rendered text, whose digest is in the record, as plain text. Respond 410 if the text is withheld.

    Raise Http404 if readers have no such version, it is not signed yet, or the stored rendering is not the signed one.
    """
    found, is_withheld = _record(slug, number)
    if is_withheld:
        return _withheld()
    rendering = Rendering.objects.filter(pk=found.publication.approval.revision_id, renderer=found.renderer).first()
    if rendering is None:
        raise Http404("This text is being rendered anew.")
    return _file(records.body_of(rendering), "text/plain; charset=utf-8", f"{slug}-{number}-body.html")


@require_safe
@public(parameters=())
def names(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Return as JSON the names of the signatories, each with the salt of its hash in the record.

    Raise Http404 if readers have no such version or it is not signed yet.
    """
    data = verify.canonical_json(records.names_of(_record(slug, number)[0]))
    return _file(data, JSON, f"{slug}-{number}-names.json")


@require_safe
@public(parameters=())
def checkpoint(request: HttpRequest) -> HttpResponse:
    """Return the newest seal of the log as a signed checkpoint. Raise Http404 if there is none."""
    newest = Seal.objects.last()
    if newest is None:
        raise Http404("The log is not sealed.")
    return _file(newest.note.encode(), TEXT, "checkpoint.txt")


@require_safe
@public(parameters=())
def consistency(request: HttpRequest, first: int, second: int) -> HttpResponse:
    """Return, as JSON, the proof that the log of `second` leaves begins with that of `first` leaves.

    Raise Http404 if `first` is not less than `second`, or if the log was not sealed at both sizes.
    """
    # Not `size__in`, which SQLite refuses for numbers that no column holds.
    if first >= second or not all(Seal.objects.filter(size=size).exists() for size in (first, second)):
        raise Http404("The log was not sealed at these sizes.")
    path = [hash_.hex() for hash_ in log.consistency(first, second)]
    data = verify.canonical_json({"first": first, "second": second, "path": path})
    return _file(data, JSON, f"consistency-{first}-{second}.json")


@require_safe
@public(parameters=())
def keys(request: HttpRequest) -> HttpResponse:
    """Return the site's public keys with their periods as a controlled identifier document (CID v1.0).

    Raise Http404 if the site has no key.
    """
    rows = list(SigningKey.objects.order_by("pk"))
    if not rows:
        raise Http404("This site does not sign.")
    issuer = records.issuer()
    document = {
        "@context": ["https://www.w3.org/ns/cid/v1", "https://www.w3.org/ns/credentials/undefined-terms/v2"],
        "id": issuer,
        "verificationMethod": [_method(issuer, row) for row in rows],
        "assertionMethod": [f"{issuer}#{row.public_key}" for row in rows if row.revoked_at is None],
    }
    return _file(verify.canonical_json(document), JSON, "signing-keys.json")


@require_safe
@public(parameters=())
def program(request: HttpRequest) -> HttpResponse:
    """Return the program that checks a record (audit/verify.py)."""
    return _file(_source(), TEXT, "verify.py")


@cache
def _source() -> bytes:
    return inspect.getsource(verify).encode()


def _method(issuer: str, row: SigningKey) -> dict[str, str]:
    found = {
        "id": f"{issuer}#{row.public_key}",
        "type": "Multikey",
        "controller": issuer,
        "publicKeyMultibase": row.public_key,
        "validFrom": time_text(row.valid_from),
    }
    ends = {"expires": row.retired_at, "revoked": row.revoked_at}
    return found | {name: time_text(moment) for name, moment in ends.items() if moment}


def _record(slug: str, number: int) -> tuple[SignedRecord, bool]:
    """Return the newest valid record of a version, and whether its text is withheld. Raise Http404 if there is none."""
    history = history_of(slug, timezone.now())
    if not 1 <= number <= len(history.entries):
        raise Http404("No such version.")
    entry = history.entries[number - 1]
    rows = records.valid().filter(publication=entry.pk).select_related("publication__approval__revision")
    found = rows.last()
    if found is None:
        raise Http404("This version is not signed yet.")
    return found, entry.revision in history.withheld


def _withheld() -> HttpResponse:
    return HttpResponse("This version was withdrawn. Its text is no longer shown.\n", status=410, content_type=TEXT)


def _file(data: bytes, kind: str, name: str) -> HttpResponse:
    """Return a file to be saved under this name. No browser shows it as a page of the site."""
    response = HttpResponse(data, content_type=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["X-Robots-Tag"] = "noindex"
    return response
