"""Checks of corrected notices: each is in the log, follows the text before it, and changes what readers had seen."""

from collections.abc import Iterator

from django.db.models import Exists, F, OuterRef, Q

from articles.models import NoticeCorrection, Transition
from audit.integrity.faults import Fault


def faults() -> Iterator[Fault]:
    """Yield a fault for each corrected notice that the log lacks, that skips a version, or that readers had not seen.

    Also yield one for each entry of the log whose correction is gone. The number of queries is constant.
    """
    yield from _without_an_entry()
    yield from _entries_without_a_correction()
    yield from _chains()


def _without_an_entry() -> Iterator[Fault]:
    entries = Transition.objects.filter(
        article=OuterRef("publication__article"),
        verb="correct_notice",
        at=OuterRef("corrected_at"),
        actor=OuterRef("corrected_by"),
        reason=OuterRef("words"),
        revision=OuterRef("publication__approval__revision"),
    )
    rows = NoticeCorrection.objects.exclude(Exists(entries)).select_related("publication__article").order_by("pk")
    for row in rows.iterator():
        yield Fault(_place(row), "a notice was corrected and the log does not say so")


def _entries_without_a_correction() -> Iterator[Fault]:
    rows = NoticeCorrection.objects.filter(publication__article=OuterRef("article"), corrected_at=OuterRef("at"))
    entries = Transition.objects.filter(verb="correct_notice").exclude(Exists(rows)).select_related("article")
    for entry in entries.order_by("pk").iterator():
        yield Fault(entry.article.slug, f"the log says that {entry.actor_shown} corrected a notice, and that is gone")


def _chains() -> Iterator[Fault]:
    """Yield a fault for each correction that does not start from the text before it, or of an unpublished notice."""
    before: NoticeCorrection | None = None
    rows = NoticeCorrection.objects.select_related("publication__article").order_by("publication_id", "about", "pk")
    for row in rows.iterator():
        is_next = before is not None and (before.publication_id, before.about) == (row.publication_id, row.about)
        first: str = getattr(row.publication, row.about)
        if row.before != (before.words if before is not None and is_next else first):
            yield Fault(_place(row), "the correction of a notice does not begin at the words before it")
        before = row
    unseen = NoticeCorrection.objects.filter(
        Q(publication__cancelled_at__isnull=False) | Q(publication__starts_at__gt=F("corrected_at"))
    )
    for row in unseen.select_related("publication__article").order_by("pk").iterator():
        yield Fault(_place(row), "a notice was corrected that readers had not seen")


def _place(row: NoticeCorrection) -> str:
    return f"{row.publication.article.slug}, publication {row.publication_id}"
