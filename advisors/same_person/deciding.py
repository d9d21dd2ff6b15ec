"""An editor's decision whether two accounts or authors are one person."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from advisors.models import Advisor, PersonFlag
from advisors.quorum import decisions
from articles.exceptions import InvalidTransition, NotPermitted
from articles.models import Approval, Article, Outcome, PersonDecision, Submission
from articles.models.persons import sides_of
from articles.models.same_person import Persons, persons
from core.text import has_words


def refusal(pair: str, actor: User) -> str:
    """Return why this user cannot decide on a pair, or an empty string.

    Editors and administrators can, unless one of the accounts is theirs.
    """
    if not actor.is_active or not actor.has_perm("articles.edit_all_articles"):
        return _("Only editors and administrators can decide on this.")
    if f"u{actor.pk}" in pair.split(" "):
        return _("One of these accounts is yours. Ask another editor or an administrator.")
    return ""


def decide(*, flag: PersonFlag, is_same: bool, note: str, actor: User) -> PersonDecision:
    """Record whether the two sides of a flag are one person, and why; return the decision.

    If they are, that person counts once toward a quorum from then on, by whichever account, and cannot approve what
    they wrote by another account. Approvals that the board has given stand. Open rounds are decided anew. Raise
    NotPermitted for anybody but an editor or administrator and if one of the accounts is theirs, and InvalidTransition
    if the note is missing or too long.
    """
    if refused := refusal(flag.pair, actor):
        raise NotPermitted(refused)
    if not has_words(note):
        raise InvalidTransition(_("Say how you know: “asked her”, “two people at the same institute”."))
    row = PersonDecision(
        pair=flag.pair,
        is_same=is_same,
        note=note,
        decided_by=actor,
        decided_by_name=str(actor)[:120],
        **sides_of(flag.pair),
    )
    try:
        row.clean_fields(exclude=["first_account", "first_author", "second_account", "second_author", "last_approval"])
    except ValidationError as error:
        raise InvalidTransition(" ".join(error.messages)) from error
    with transaction.atomic():
        concerned = _accounts(flag, persons())
        # The board decides while it holds the lock of an article. So an approval is either there before this decision,
        # and named by it, or is made by the people as they are decided here.
        rounds = Submission.objects.filter(outcome=Outcome.OPEN, reviews__advisor__user__in=concerned)
        list(
            Article.objects.select_for_update().filter(pk__in=rounds.values("article")).order_by("pk").values_list("pk")
        )
        row.last_approval = Approval.objects.order_by("-pk").first()
        row.save()
        for advisor in Advisor.objects.filter(user__in=concerned | _accounts(flag, persons())).order_by("pk"):
            decisions.reconsider_rounds_of(advisor, actor)
    return row


def _accounts(flag: PersonFlag, known: Persons) -> set[int]:
    """Return the accounts of the people on both sides of a flag."""
    sides = [flag.first_account_id, flag.second_account_id]
    sides += [-author for author in (flag.first_author_id, flag.second_author_id) if author]
    return known.accounts_of(node for node in sides if node)


def contradiction(flag: PersonFlag) -> bool:
    """Return whether the decision on a flag says “different people” although other decisions make them one person."""
    newest = PersonDecision.objects.filter(pair=flag.pair).first()
    if newest is None or newest.is_same:
        return False
    first = flag.first_account_id or -(flag.first_author_id or 0)
    second = flag.second_account_id or -(flag.second_author_id or 0)
    return second in persons().same_as(first)
