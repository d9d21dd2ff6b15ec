"""Answers to warnings: the writer says in a line why the passage stands, and the board reads that line.

A waiver knows its finding by Finding.mark: where the passage is changed, the warning is there again. Blockers cannot
be waived; a waiver that meets one does nothing.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from articles.exceptions import InvalidTransition, NotPermitted
from articles.models import Article, Submission, Waiver
from articles.permissions import may
from articles.rounds import refuse_while_locked
from checks.preflight import Finding, Level
from core.html import text_of
from core.text import has_words


def answered(found: Iterable[Finding], article: Article) -> list[Finding]:
    """The findings in their order, each warning with the answer that stands today, if one does: one query."""
    reasons = dict(article.waivers.standing().values_list("mark", "reason"))
    return [
        replace(finding, waived=reasons.get(finding.mark, "")) if finding.level is Level.WARNING else finding
        for finding in found
    ]


def before_the_board(submission: Submission, found: Iterable[Finding]) -> list[Waiver]:
    """Return the answers that stood when this revision was submitted and that speak of it, oldest first.

    `found` is what the checks find in the revision today. An answer speaks of the revision if its warning is among
    them, or if its passage is a citation or stands in the text: an address behind a link and the name of a recommended
    product do not stand there, and a warning that the checks no longer make was answered all the same.
    """
    marks = {finding.mark for finding in found}
    revision = submission.revision
    words = " ".join(text_of(value) for name, value in revision.content().items() if name != "hero_image")
    keys = {citation.key for citation in revision.citations.all()}
    there = " ".join(words.split())
    standing = submission.article.waivers.standing(submission.submitted_at).order_by("made_at", "pk")
    return [
        row for row in standing if row.mark in marks or row.passage in keys or " ".join(row.passage.split()) in there
    ]


def waive(*, article: Article, actor: User, finding: Finding, reason: str, until: date | None = None) -> Waiver:
    """Answer a warning; an earlier answer to the same one is taken back.

    `until` is the last day on which the answer holds, in the newsroom's zone. Raises NotPermitted for those who may
    not edit the text, and InvalidTransition while the board reads, without a reason, for a day that has passed and
    for a finding that is no warning.
    """
    with transaction.atomic():
        article = _enter(article, actor)
        if finding.level is not Level.WARNING:
            raise InvalidTransition("Only a warning can be answered. A blocker has to be fixed.")
        if not has_words(reason):
            raise InvalidTransition("Say in a line why the passage can stay: the reviewers read it beside the text.")
        if until and until < timezone.localdate():
            raise InvalidTransition("That day has passed. Choose a later one, or none.")
        _end(article.waivers.filter(mark=finding.mark), actor)
        waiver = Waiver(
            article=article,
            check_id=finding.id,
            mark=finding.mark,
            passage=finding.passage[:300],
            reason=reason,
            until=until,
            made_by=actor,
            made_by_name=str(actor),
            made_at=timezone.now(),
        )
        waiver.full_clean(exclude=["made_by", "ended_at"])
        try:
            waiver.save()
        except IntegrityError as error:
            raise InvalidTransition("Somebody else has answered this at the same moment.") from error
        return waiver


def take_back(*, article: Article, actor: User, mark: str) -> bool:
    """Take an answer back, so that the warning wants one again; False where none stood. Raises as `waive`."""
    with transaction.atomic():
        article = _enter(article, actor)
        return bool(_end(article.waivers.filter(mark=mark), actor))


def _enter(article: Article, actor: User) -> Article:
    article = Article.objects.select_for_update().get(pk=article.pk)
    if not may(actor, "edit", article):
        raise NotPermitted(f"{actor} may not edit “{article}”.")
    refuse_while_locked(article)
    return article


def _end(waivers, actor: User) -> int:
    return waivers.filter(ended_at=None).update(ended_at=timezone.now(), ended_by_name=str(actor))
