"""Reviewers proposed by writers: proposing them, withdrawing a proposal, and an editor's decision.

A proposal is a row of the panel that no editor has confirmed (advisors.models.PanelMember). A proposed advisor is not
invited until an editor confirms the proposal.
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

    If any advisor is refused, nothing changes. Raise NotPermitted for users who may not edit the article. Raise
    InvalidTransition for advisors who have left the board, worked on the text or have no valid disclosure
    (`panel.refusals`), or who are already on the panel or proposed.
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
    """Return, by primary key, a sentence about each of these advisors who is already on the panel or proposed."""
    members = PanelMember.objects.standing().filter(article=article.pk, advisor__in=list(advisors))
    confirmed, proposed = _("%(advisor)s is a reviewer already."), _("%(advisor)s has been proposed already.")
    return {
        member.advisor_id: (confirmed if member.confirmed else proposed) % {"advisor": member.advisor}
        for member in members.select_related("advisor")
    }


def confirm(*, article: Article, members: Sequence[int], actor: User) -> tuple[list[PanelMember], list[Review]]:
    """Confirm the proposals with these primary keys. Return the proposals, and the new reviews if a round is open.

    If any proposal is refused, nothing changes. Raise NotPermitted for users who may only propose. Raise
    InvalidTransition if a proposal does not exist or has been decided on, or if its advisor cannot be chosen.
    """
    panel.must_decide(actor)
    with transaction.atomic():
        found = _waiting(article, members)
        asked = panel.assign_all(article=article, advisors=[member.advisor for member in found], actor=actor)
        return found, asked


def turn_down(*, article: Article, members: Sequence[int], actor: User, reason: str = "") -> list[PanelMember]:
    """Turn down the proposals with these primary keys, and return them. An email gives their proposers the `reason`.

    If any proposal is refused, nothing changes. Raise NotPermitted for users who may only propose. Raise
    InvalidTransition if a proposal does not exist or has been decided on, or if the reason is too long.
    """
    panel.must_decide(actor)
    with transaction.atomic():
        found = _waiting(article, members)
        advisors = [member.advisor for member in found]
        panel.take_off_all(article=article, advisors=advisors, actor=actor, reason=reason)
        return found


def withdraw(*, article: Article, members: Sequence[int], actor: User) -> list[PanelMember]:
    """Withdraw the proposals with these primary keys before an editor decides on them, and return them.

    If any proposal is refused, nothing changes. Raise NotPermitted for users other than the proposers and the editors.
    Raise InvalidTransition if a proposal does not exist or has been decided on.
    """
    with transaction.atomic():
        found = _waiting(article, members)
        if not panel.may_decide(actor) and any(member.proposed_by_id != actor.pk for member in found):
            raise NotPermitted(_("Only whoever proposed a reviewer, or an editor, can withdraw the proposal."))
        panel.end(found, PanelEnd.WITHDRAWN, actor)
        panel.tell_proposers(article, found, actor)
        return found


def _waiting(article: Article, keys: Sequence[int]) -> list[PanelMember]:
    """Lock the article and return its proposals with these primary keys.

    Raise InvalidTransition if there are no keys, or if a proposal does not exist or has been decided on.
    """
    Article.objects.select_for_update().get(pk=article.pk)
    rows = PanelMember.objects.filter(article=article, pk__in=keys)
    found = list(rows.select_related("advisor", "proposed_by", "decided_by", "ended_by"))
    if not found or len(found) != len(set(keys)):
        raise InvalidTransition(_("There is no such proposal. Nothing was changed."))
    if done := [_what_became_of(member) for member in found if not member.is_waiting]:
        raise InvalidTransition(" ".join([*done, _("Nothing was changed.")]))
    return found


def _what_became_of(member: PanelMember) -> str:
    """Return a sentence saying who confirmed, turned down, withdrew or removed this reviewer, and when."""
    by, at = (member.ended_by, member.ended_at) if member.ended else (member.decided_by, member.decided_at)
    values = {"advisor": member.advisor, "by": by, "when": times.moment(at) if at else ""}
    if by and at:
        said = {
            PanelEnd.NONE: _("%(advisor)s has been confirmed already by %(by)s, %(when)s."),
            PanelEnd.TURNED_DOWN: _("%(advisor)s has been turned down by %(by)s, %(when)s."),
            PanelEnd.WITHDRAWN: _("The proposal of %(advisor)s has been withdrawn by %(by)s, %(when)s."),
            PanelEnd.TAKEN_OFF: _("%(advisor)s has been removed from the reviewers by %(by)s, %(when)s."),
        }
    else:
        said = {
            PanelEnd.NONE: _("%(advisor)s has been confirmed already."),
            PanelEnd.TURNED_DOWN: _("%(advisor)s has been turned down."),
            PanelEnd.WITHDRAWN: _("The proposal of %(advisor)s has been withdrawn."),
            PanelEnd.TAKEN_OFF: _("%(advisor)s has been removed from the reviewers."),
        }
    return said[PanelEnd(member.ended)] % values
