"""Everything that belongs to one person: their accounts, also former ones, their profiles and their names.

A person can have several accounts. A confirmed correction has moved their profile from one to another
(advisors.corrections), or editors have decided that two accounts are those of one person (articles.models.same_person).
An account from before a correction may also be that of somebody else: it had the profile by mistake.
"""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User
from advisors.models import AccountCorrection, Advisor, Corrected, Signature
from articles.exceptions import InvalidTransition
from articles.models import Author, Byline, PersonDecision, SignedName
from articles.models.names import SignedNameQuerySet
from articles.models.same_person import persons


@dataclass(frozen=True)
class Person:
    """The accounts and profiles of a person. Of a former account in `left`, only the names they signed are theirs."""

    accounts: list[User]
    authors: list[Author]
    advisors: list[Advisor]
    left: list[User]

    @property
    def profiles(self) -> list[Author | Advisor]:
        return [*self.authors, *self.advisors]

    def names(self) -> SignedNameQuerySet:
        """Return the names of the person, except those that somebody else has signed under or is shown under.

        These are the names of their accounts and authors, and those that they signed with an account in `left`.
        """
        signed = Signature.objects.filter(review__advisor__in=self.advisors)
        written = Byline.objects.filter(author__in=self.authors)
        under = Q()
        for rows in (signed, written):
            for path in ("signed_name", "signed_name__shown_as"):
                under |= Q(pk__in=rows.exclude(**{path: None}).order_by().values(path))
        own: SignedNameQuerySet = SignedName.objects.filter(
            Q(account__in=self.accounts) | Q(author__in=self.authors) | under & Q(account__in=self.left)
        )
        of_others: set[int] = set()
        for others in (
            Signature.objects.filter(account__in=[*self.accounts, *self.left]).exclude(
                review__advisor__in=self.advisors
            ),
            Byline.objects.filter(account__in=[*self.accounts, *self.left]).exclude(author__in=self.authors),
        ):
            for name, shown in others.order_by().values_list("signed_name", "signed_name__shown_as").distinct():
                of_others |= {name, shown or name}
        return own.exclude(pk__in=of_others).order_by("pk")

    def addresses(self) -> set[str]:
        """Return the present and the former addresses of the accounts."""
        signed = Signature.objects.filter(account__in=self.accounts).values_list("account_email", flat=True)
        addresses = {*(account.email for account in self.accounts), *signed}
        corrections = AccountCorrection.objects.filter(corrected=Corrected.ADDRESS, old_account__in=self.accounts)
        for row in corrections.values_list("old_address", "new_address"):
            addresses.update(row)
        return addresses

    def written_names(self) -> set[str]:
        """Return every name that the accounts and profiles have or had, and that they have signed under."""
        found = {one.name for one in (*self.accounts, *self.profiles)}
        for profile in self.profiles:
            found.update(profile.history.model.objects.filter(id=profile.pk).values_list("name", flat=True))
        return found | set(self.names().values_list("name", flat=True))


def person_of(whom: User | Author, not_theirs: Collection[User] = ()) -> Person:
    """Return all that belongs to the person with this account, or to this author without one.

    An account from which a correction has moved one of their profiles is theirs, too, if nobody uses it, nobody else
    has a profile with it, and editors have not decided that it is another person's. Otherwise, or if it is among
    `not_theirs`, it is left (`Person.left`). Raise InvalidTransition if one of `not_theirs` is not such an account.
    """
    nodes = set(persons().same_as(-whom.pk if isinstance(whom, Author) else whom.pk))
    accounts = [*User.objects.filter(pk__in=[node for node in nodes if node > 0]).order_by("pk")]
    authors = [*Author.objects.filter(Q(user__in=accounts) | Q(pk__in=[-node for node in nodes if node < 0]))]
    advisors = [*Advisor.objects.filter(user__in=accounts)]
    former: list[User] = []
    left: list[User] = []
    for account in _former_accounts(accounts, authors, advisors):
        has_profile = any(model.objects.filter(user=account).exists() for model in (Author, Advisor))
        is_left = account in not_theirs or account.is_active or has_profile or _is_another(account, accounts)
        (left if is_left else former).append(account)
    for account in not_theirs:
        if account not in left:
            said = _("%(address)s is not a former account of this person.") % {"address": account.email}
            raise InvalidTransition(said)
    accounts.sort(key=lambda account: account != whom)
    return Person([*accounts, *former], authors, advisors, left)


def _is_another(account: User, accounts: list[User]) -> bool:
    """Return whether the newest decision on this account and one of the others says that they are different people."""
    pairs = ["u{} u{}".format(*sorted((account.pk, other.pk))) for other in accounts]
    newest = (PersonDecision.objects.filter(pair=pair).order_by("-pk").first() for pair in pairs)
    return any(decision is not None and not decision.is_same for decision in newest)


def present_accounts(account: User) -> list[User]:
    """Return the accounts to which corrections have moved a profile from this one, and that have it now."""
    moved = AccountCorrection.objects.confirmed().filter(old_account=account).exclude(corrected=Corrected.ADDRESS)
    found = {row.pk: row for row in moved.select_related("advisor__user", "author__user")}
    holders = {profile.user for row in found.values() for profile in (row.advisor, row.author) if profile is not None}
    return sorted((user for user in holders if user and user != account), key=lambda user: user.pk)


def _former_accounts(accounts: list[User], authors: list[Author], advisors: list[Advisor]) -> list[User]:
    """Return the other accounts from which confirmed corrections have moved one of these profiles."""
    moved = AccountCorrection.objects.confirmed().filter(Q(author__in=authors) | Q(advisor__in=advisors))
    earlier = User.objects.filter(pk__in=moved.order_by().values("old_account"))
    return [*earlier.exclude(pk__in=[account.pk for account in accounts]).order_by("pk")]
