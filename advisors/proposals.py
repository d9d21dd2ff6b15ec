"""Reviewers proposed by writers: proposing them, withdrawing a proposal, and an editor's decision.

A proposal is a row of the panel that no editor has confirmed (advisors.models.PanelMember). Nobody is invited by it.
"""

from collections.abc import Iterable, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from advisors import emails, panel
from advisors.models import Advisor, PanelEnd, PanelMember, Review
from articles.exceptions import InvalidTransition, NotPermitted
from articles.models import Article
from articles.permissions import may
from core import times


def propose(*, article: Article, advisors: Iterable[Advisor], actor: User) -> list[PanelMember]:
    """Propose advisors for an article's panel, and email the editors; return the new rows.

    All or none: raises NotPermitted for those who may not edit the article, and InvalidTransition for advisors whom
    `panel.refusals` names or who are on the panel or proposed already.
    """
    advisors = list(advisors)
    if not may(actor, "edit", article):
        raise NotPermitted(_("%(user)s may not propose reviewers for this article.") % {"user": actor})
    with transaction.atomic():
        Article.objects.select_for_update().get(pk=article.pk)
        if refused := panel.refusals(article, advisors):
            raise InvalidTransition(" ".join(refused.values()))
        if known := known_already(article, advisors):
            raise InvalidTransition(" ".join(known.values()))
        members = PanelMember.objects.bulk_create(
            PanelMember(article=article, advisor=advisor, proposed_by=actor) for advisor in advisors
        )
        if members:
            emails.editors_proposed(article, members, actor)
        return members


def known_already(article: Article, advisors: Iterable[Advisor]) -> dict[int, str]:
    """Return those of these advisors who are on the panel or proposed, by primary key, each with a sentence that says
    so.
    """
    members = PanelMember.objects.standing().filter(article=article.pk, advisor__in=list(advisors))
    confirmed, proposed = _("%(advisor)s is a reviewer already."), _("%(advisor)s has been proposed already.")
    return {
        member.advisor_id: (confirmed if member.confirmed else proposed) % {"advisor": member.advisor}
        for member in members.select_related("advisor")
    }


def confirm(*, article: Article, members: Sequence[int], actor: User) -> tuple[list[PanelMember], list[Review]]:
    """Confirm proposals, by the primary keys of their rows; return them, and the new invitations if a round is open.

    All or none: raises NotPermitted for those who may only propose, and InvalidTransition if a proposal has been
    decided on already or its advisor cannot be chosen.
    """
    panel.must_decide(actor)
    with transaction.atomic():
        found = _waiting(article, members)
        asked = panel.assign_all(article=article, advisors=[member.advisor for member in found], actor=actor)
        return found, asked


def turn_down(*, article: Article, members: Sequence[int], actor: User, reason: str = "") -> list[PanelMember]:
    """Turn down proposals, by the primary keys of their rows; return them. `reason` is for those who made them.

    All or none: raises NotPermitted for those who may only propose, and InvalidTransition if one has been decided on
    already.
    """
    panel.must_decide(actor)
    with transaction.atomic():
        found = _waiting(article, members)
        advisors = [member.advisor for member in found]
        panel.take_off_all(article=article, advisors=advisors, actor=actor, reason=reason)
        return found


def withdraw(*, article: Article, members: Sequence[int], actor: User) -> list[PanelMember]:
    """Withdraw proposals before they are decided on, by the primary keys of their rows; return them.

    For those who made them, and for editors. All or none: raises NotPermitted for anybody else, and InvalidTransition
    if one has been decided on already.
    """
    with transaction.atomic():
        found = _waiting(article, members)
        if not panel.may_decide(actor) and any(member.proposed_by_id != actor.pk for member in found):
            raise NotPermitted(_("Only whoever proposed a reviewer, or an editor, can withdraw the proposal."))
        panel.end(found, PanelEnd.WITHDRAWN, actor)
        panel.tell_proposers(article, found, actor)
        return found


def _waiting(article: Article, keys: Sequence[int]) -> list[PanelMember]:
    """Lock the article and return these of its proposals; raise InvalidTransition if one is decided on already."""
    Article.objects.select_for_update().get(pk=article.pk)
    rows = PanelMember.objects.filter(article=article, pk__in=keys)
    found = list(rows.select_related("advisor", "proposed_by", "decided_by", "ended_by"))
    if not found or len(found) != len(set(keys)):
        raise InvalidTransition(_("There is no such proposal. Nothing was changed."))
    if done := [_what_became_of(member) for member in found if not member.is_waiting]:
        raise InvalidTransition(" ".join([*done, _("Nothing was changed.")]))
    return found


def _what_became_of(member: PanelMember) -> str:
    """Return in a sentence what became of a proposal that has been decided on or withdrawn."""
    by, at = (member.ended_by, member.ended_at) if member.ended else (member.decided_by, member.decided_at)
    values = {"advisor": member.advisor, "by": by, "when": times.moment(at) if at else ""}
    if by and at:
        said = {
            PanelEnd.NONE: _("%(advisor)s has been confirmed already by %(by)s, %(when)s."),
            PanelEnd.TURNED_DOWN: _("%(advisor)s has been turned down by %(by)s, %(when)s."),
            PanelEnd.WITHDRAWN: _("%(advisor)s is no longer proposed: that was withdrawn by %(by)s, %(when)s."),
            PanelEnd.TAKEN_OFF: _("%(advisor)s has been removed from the reviewers by %(by)s, %(when)s."),
        }
    else:
        said = {
            PanelEnd.NONE: _("%(advisor)s has been confirmed already."),
            PanelEnd.TURNED_DOWN: _("%(advisor)s has been turned down."),
            PanelEnd.WITHDRAWN: _("%(advisor)s is no longer proposed: that was withdrawn."),
            PanelEnd.TAKEN_OFF: _("%(advisor)s has been removed from the reviewers."),
        }
    return said[PanelEnd(member.ended)] % values
