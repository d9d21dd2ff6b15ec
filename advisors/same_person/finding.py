"""Find people who may be the same person among accounts, advisors and authors, and keep the flags up to date."""

from collections.abc import Iterable

from django.db import transaction

from accounts.models import User
from advisors.models import AccountCorrection, Advisor, PersonFlag, Signature, Vouch
from advisors.same_person.likeness import KnownPerson, find
from articles.models import Author
from articles.models.persons import sides_of

# The tables with earlier addresses of accounts: the model, the column of the account, and the columns of addresses.
EARLIER = (
    (Signature, "account", ("account_email", "link_email")),
    (Vouch, "account", ("address",)),
    (AccountCorrection, "old_account", ("old_address",)),
)


def known_people() -> list[KnownPerson]:
    """Return a KnownPerson for each account, with its profiles, and for each author without one. Makes six queries."""
    people = {
        pk: KnownPerson(f"u{pk}", {name}, {email})
        for pk, name, email in User.objects.order_by("pk").values_list("pk", "name", "email")
    }
    for user, name, orcid in Advisor.objects.order_by("pk").values_list("user", "name", "orcid"):
        people[user].names.add(name)
        people[user].orcids.add(orcid)
    without_account: list[KnownPerson] = []
    for pk, user, name, orcid in Author.objects.order_by("pk").values_list("pk", "user", "name", "orcid"):
        if user is None:
            without_account.append(KnownPerson(f"a{pk}", {name}, orcids={orcid}))
        else:
            people[user].names.add(name)
            people[user].orcids.add(orcid)
    for model, account, columns in EARLIER:
        rows = model._default_manager.order_by().values_list(account, *columns).distinct()
        for pk, *addresses in rows.iterator():
            people[pk].earlier |= {address for address in addresses if address}
    return [*people.values(), *without_account]


def update_flags() -> tuple[int, int]:
    """Add missing flags, remove flags that no longer have a reason, and return the numbers of flags added and removed.

    An editor's decision stays, even if its flag is removed.
    """
    wanted = find(known_people())
    with transaction.atomic():
        present = {flag.pair: flag for flag in PersonFlag.objects.all()}
        gone = [flag.pk for pair, flag in present.items() if pair not in wanted]
        PersonFlag.objects.filter(pk__in=gone).delete()
        for pair, reasons in wanted.items():
            if pair in present and present[pair].reasons != reasons:
                PersonFlag.objects.filter(pair=pair).update(reasons=reasons)
        new = [
            PersonFlag(pair=pair, reasons=reasons, **sides_of(pair))
            for pair, reasons in wanted.items()
            if pair not in present
        ]
        PersonFlag.objects.bulk_create(new, ignore_conflicts=True)
    return len(new), len(gone)


def open_flags(accounts: Iterable[int | None], authors: Iterable[int] = ()) -> list[PersonFlag]:
    """Return the flags without a decision of which both sides are among these accounts and authors. Makes one query."""
    flags = PersonFlag.objects.undecided().among({pk for pk in accounts if pk}, set(authors))
    return list(flags.with_sides().order_by("pk"))
