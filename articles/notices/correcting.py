"""Correct the wording of a notice or note that readers have seen. Both wordings are kept."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from articles import workflow
from articles.exceptions import InvalidTransition
from articles.models import Article, NoticeCorrection, Publication, Told
from articles.models.moments import moment_of
from core.text import has_words


@dataclass(frozen=True)
class ShownNotice:
    """A notice or note as readers see it. `correction` is the primary key of its newest correction, 0 without one."""

    publication: Publication
    about: Told
    words: str
    correction: int


def notices_of(article: Article) -> list[ShownNotice]:
    """Return the notices and notes of an article that readers have seen, the newest first. Makes two queries."""
    corrections = NoticeCorrection.objects.filter(publication__article=article).order_by("pk")
    newest = {(correction.publication_id, correction.about): correction for correction in corrections}
    found = []
    for publication in article.publications.noted().order_by("-starts_at", "-pk"):
        for about in Told:
            if first := getattr(publication, about):
                row = newest.get((publication.pk, about))
                found.append(ShownNotice(publication, about, row.words if row else first, row.pk if row else 0))
    return found


def correct_notice(
    *, article: Article, actor: User, publication: int, about: str, words: str, seen_correction: int | None = None
) -> NoticeCorrection:
    """Give a notice or note of a publication new words, log it, and return the correction.

    Readers see the new words, and when they were corrected; the old ones stay stored. `publication` is its primary key
    and `about` a value of Told. `seen_correction` is the newest correction that the actor has seen, 0 if there was
    none. Raise NotPermitted for anybody but an editor. Raise InvalidTransition for a notice that readers have not seen,
    if there is a newer correction than `seen_correction`, if the words are missing or too long, and if nothing would
    change.
    """
    with transaction.atomic():
        article = workflow.enter("correct_notice", article, actor)
        notice = next(
            (one for one in notices_of(article) if (one.publication.pk, one.about) == (publication, about)), None
        )
        if notice is None:
            raise InvalidTransition(_("Readers have not seen this notice."))
        if seen_correction not in (None, notice.correction):
            raise InvalidTransition(_("Somebody else has corrected this notice in the meantime. Look at it first."))
        if not has_words(words):
            raise InvalidTransition(_("Write the notice as readers should see it."))
        at = _after_the_last(article, moment_of(article))
        row = NoticeCorrection(
            publication=notice.publication,
            about=notice.about,
            before=notice.words,
            words=words,
            corrected_by=actor,
            corrected_by_name=str(actor),
            corrected_at=at,
        )
        try:
            row.clean_fields(exclude=["corrected_by"])
        except ValidationError as error:
            raise InvalidTransition(" ".join(error.messages)) from error
        if row.words == row.before:
            raise InvalidTransition(_("These are the words of the notice already."))
        row.save()
        workflow.log("correct_notice", article, actor, notice.publication.approval.revision, row.words, at=at)
        return row


def _after_the_last(article: Article, at: datetime) -> datetime:
    """Return `at`, or a microsecond after the newest correction if that is later: the log tells them apart by time."""
    last = NoticeCorrection.objects.filter(publication__article=article).order_by("-corrected_at").first()
    return max(at, last.corrected_at + timedelta(microseconds=1)) if last else at
