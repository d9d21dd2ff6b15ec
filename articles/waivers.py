"""Waivers: the writer answers a warning with the reason why the passage stays, and the board reads the reason.

A waiver refers to its finding by Finding.mark, so the warning returns when the passage is changed. A blocker cannot be
waived; a waiver whose finding has become a blocker has no effect.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from articles.exceptions import InvalidTransition, NotPermitted
from articles.models import Article, Submission, Waiver
from articles.models.waivers import WaiverQuerySet
from articles.permissions import may
from articles.rounds import refuse_while_locked
from checks.preflight import Finding, Level
from core.html import text_of
from core.text import has_words


def answered(found: Iterable[Finding], article: Article) -> list[Finding]:
    """Return the findings in their order, with the waiver's reason, if any, in each warning. Makes one query."""
    reasons = dict(article.waivers.standing().values_list("mark", "reason"))
    return [
        replace(finding, waived=reasons.get(finding.mark, "")) if finding.level is Level.WARNING else finding
        for finding in found
    ]


def before_the_board(submission: Submission, found: Iterable[Finding]) -> list[Waiver]:
    """Return the waivers in force when this revision was submitted that concern the revision, oldest first.

    `found` are the findings on the revision today. A waiver concerns the revision if its finding is among them, or if
    its passage is a cited key or occurs in the text. Both tests are needed: a link's URL and a recommended product's
    name do not occur in the text, and the checks may no longer give the finding.
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
    """Store an answer to a warning and return the waiver; an earlier answer to the same warning is ended.

    `until` is the last day on which the waiver holds, in the newsroom's time zone. Raise NotPermitted if `actor` may
    not edit the text; InvalidTransition while the board is reviewing it, if the reason is missing, if `until` has
    passed, if the finding is not a warning, and if somebody else answers at the same moment; ValidationError if the
    reason is too long.
    """
    with transaction.atomic():
        article = _enter(article, actor)
        if finding.level is not Level.WARNING:
            raise InvalidTransition(_("Only a warning can be answered. A blocker has to be fixed."))
        if not has_words(reason):
            message = _("Say in a line why the passage can stay: the reviewers read it beside the text.")
            raise InvalidTransition(message)
        if until and until < timezone.localdate():
            raise InvalidTransition(_("That day has passed. Choose a later one, or none."))
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
            raise InvalidTransition(_("Somebody else has answered this at the same moment.")) from error
        return waiver


def take_back(*, article: Article, actor: User, mark: str) -> bool:
    """End the waiver with this `mark`, and return whether there was one.

    Raise NotPermitted if `actor` may not edit the text, and InvalidTransition while the board is reviewing it.
    """
    with transaction.atomic():
        article = _enter(article, actor)
        return bool(_end(article.waivers.filter(mark=mark), actor))


def _enter(article: Article, actor: User) -> Article:
    article = Article.objects.select_for_update().get(pk=article.pk)
    if not may(actor, "edit", article):
        raise NotPermitted(_("%(name)s may not edit “%(article)s”.") % {"name": actor, "article": article})
    refuse_while_locked(article)
    return article


def _end(waivers: WaiverQuerySet, actor: User) -> int:
    return waivers.filter(ended_at=None).update(ended_at=timezone.now(), ended_by_name=str(actor))
