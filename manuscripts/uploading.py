"""Upload a manuscript: read a file and keep what was read, and look its references up."""

from dataclasses import replace
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from core.exceptions import NotPermitted
from core.text import clean_line
from manuscripts import reading
from manuscripts.models import Manuscript, ManuscriptPicture
from manuscripts.proposals import Proposal, ProposedReference
from sources import lookups
from sources.importers import ParsedRecord
from sources.importers.canonical import canonical
from sources.importers.mapping import item_of
from sources.lookup_items import item_under
from sources.models import Source

MOST_WAITING = 20  # manuscripts of one person
KEPT_FOR = timedelta(days=30)
# For each kind of identifier, which is also the name of the source's field, the variable of CSL.
NAME_OF = {"doi": "DOI", "pmid": "PMID", "pmcid": "PMCID"}


class TooManyManuscripts(Exception):
    """Raised when a person has MOST_WAITING manuscripts that wait. The message is for that person."""


def upload(*, data: bytes, name: str, actor: User) -> Manuscript:
    """Read a file, recognise references that the library has, and store what was read; return the manuscript.

    Nothing is requested from elsewhere. Raise NotPermitted if `actor` may not begin articles, CannotReadManuscript for
    a file that cannot be read, and TooManyManuscripts.
    """
    if not actor.has_perm("articles.add_article"):
        raise NotPermitted(_("%(name)s may not begin an article.") % {"name": actor})
    if Manuscript.objects.of(actor).count() >= MOST_WAITING:
        message = _("You have %(count)s manuscripts that wait. Begin an article from one of them, or discard one.")
        raise TooManyManuscripts(message % {"count": MOST_WAITING})
    read = reading.read(data, name)
    proposal = Proposal.of(read)
    recognise(proposal)
    manuscript = Manuscript(
        user=actor, file_name=clean_line(name)[-200:] or _("manuscript"), uploaded_at=timezone.now()
    )
    manuscript.proposal = proposal
    with transaction.atomic():
        manuscript.save()
        ManuscriptPicture.objects.bulk_create(
            ManuscriptPicture(
                manuscript=manuscript,
                number=number,
                content=picture.content,
                alternative_text=picture.alternative_text,
                caption=picture.caption[:250],
            )
            for number, picture in enumerate(read.pictures, start=1)
        )
    return manuscript


def recognise(proposal: Proposal) -> None:
    """Fill in the records of references whose identifier the library has, with one query for each kind of identifier.

    A record that was read from the text gets the identifier that the text states.
    """
    wanted = [one.wanted for one in proposal.references if one.wanted]
    known: dict[str, Source] = {}
    for kind in (*NAME_OF, ""):
        values = [value.removeprefix(f"{kind}:") for value in wanted if _kind(value) == kind]
        for source in Source.objects.filter(**{f"{kind or 'url'}__in": values}) if values else ():
            known[f"{kind}:{getattr(source, kind)}" if kind else source.url] = source
    for one in proposal.references:
        if found := known.get(one.wanted):
            one.record, one.wanted = ParsedRecord(item_of(found), 1, _("library")), ""
        elif one.record and (kind := _kind(one.wanted)):
            value = one.wanted.removeprefix(f"{kind}:")
            one.record = replace(one.record, csl=canonical({**one.record.csl, NAME_OF[kind]: value}))


def _kind(wanted: str) -> str:
    """Return the kind of an identifier, "doi" for example, or "" for an address."""
    kind = wanted.partition(":")[0]
    return kind if kind in NAME_OF else ""


def look_up(manuscript: Manuscript, most: int) -> int:
    """Look up at most this number of references, in Crossref, PubMed or at their address; return how many were found.

    What was found, and why something was not, is stored with the manuscript.
    """
    proposal, found = manuscript.proposal, 0
    for one in to_look_up(proposal)[:most]:
        try:
            item = item_under(one.wanted)
        except lookups.LookupFailed as error:
            one.failure = str(error)
        else:
            one.record, one.failure, found = ParsedRecord(item, 1, _("looked up")), "", found + 1
        one.wanted = ""
    manuscript.proposal = proposal
    manuscript.save(update_fields=["read_as"])
    return found


def to_look_up(proposal: Proposal) -> list[ProposedReference]:
    """Return the references that can be looked up and were not yet."""
    return [one for one in proposal.references if one.wanted]


def purge() -> int:
    """Delete the manuscripts that have waited longer than KEPT_FOR; return how many there were."""
    old = Manuscript.objects.filter(uploaded_at__lt=timezone.now() - KEPT_FOR)
    count = old.count()
    old.delete()
    return count
