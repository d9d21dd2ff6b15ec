"""Checks of signed names: each matches its commitment, belongs to its bearer, and is shown as confirmed changes say.

The messages identify a name by its row, because the name itself may be private by now.
"""

from collections.abc import Iterator

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from advisors.models import AccountCorrection, Corrected, Signature, Vouch
from articles.models import Byline, ErasureRecord, NameChange, SignedName
from articles.names.commitments import commitment
from audit.integrity import corrections
from audit.integrity.faults import Fault

UNDER = ("signed_name", "account")


def faults() -> Iterator[Fault]:
    """Yield a fault for each signed name that is not as signed, is used by somebody else, or is shown as another name.

    Also yield one for each name that was erased without a record, and for each name change that was confirmed against
    the rules. The number of queries is constant.
    """
    yield from _not_as_committed()
    yield from _of_somebody_else()
    yield from _of_changes()
    yield from _shown_otherwise()
    yield from _erased_without_a_record()


def _not_as_committed() -> Iterator[Fault]:
    for row in SignedName.objects.order_by("pk").iterator():
        if row.erased_at is None and commitment(row.salt, row.name) != row.commitment:
            yield Fault(_place(row.pk), "the name is not the one that was signed")
        if row.erased_at is not None and (row.salt or row.name):
            yield Fault(_place(row.pk), "the name was erased and is still there")


def _of_somebody_else() -> Iterator[Fault]:
    """Yield a fault for each byline and signature under a name that belongs to another account or author."""
    own = Q(signed_name__account=F("account")) | Q(account=None, signed_name__author=F("author"))
    bylines = Byline.objects.filter(~Exists(Byline.objects.filter(own, pk=OuterRef("pk"))))
    for byline in bylines.select_related("revision__article").order_by("pk").iterator():
        place = f"“{byline.revision.title}” ({byline.revision.article.slug}), revision {byline.revision.number}"
        yield Fault(place, "the byline is under the name of somebody else")
    signatures = Signature.objects.exclude(signed_name__account=F("account")).order_by("pk")
    for signature in signatures.iterator():
        yield Fault(f"signature {signature.pk}", "the verdict is signed under the name of somebody else")


def _of_changes() -> Iterator[Fault]:
    """Yield a fault for each confirmed name change that the wrong person asked for, confirmed or did not vouch for."""
    changes = NameChange.objects.filter(decision__is_confirmed=True).order_by("pk")
    leads = _leads()
    for change in changes.select_related("before__author", "after", "decision").iterator():
        place, before, after, decision = f"change of name {change.pk}", change.before, change.after, change.decision
        if not _of_one_person(change, leads):
            yield Fault(place, "leads from the name of one person to that of another")
        own = (before.account_id, after.account_id, before.author and before.author.user_id)
        if after.account_id and change.asked_by_id != after.account_id:
            yield Fault(place, "the person whose name it is did not ask for it")
        if decision.decided_by_id in (change.asked_by_id, *filter(None, own)):
            yield Fault(place, "was confirmed by the person who asked for it")
        if decision.decided_at < change.asked_at:
            yield Fault(place, "was confirmed before it was asked for")
    yield from _beside_corrections(changes)
    for change in changes.filter(Exists(Vouch.objects.filter(signed_name=OuterRef("before")))).exclude(
        Exists(Vouch.objects.filter(signed_name=OuterRef("after"), vouched_by=OuterRef("decision__decided_by")))
    ):
        yield Fault(f"change of name {change.pk}", "whoever confirmed it did not vouch for the advisor")


def _of_one_person(change: NameChange, leads: dict[int, int]) -> bool:
    """Return whether both names of a confirmed change belong to one account or author.

    Two accounts are those of one person if, by then, corrections had given the second one to everybody who has signed
    under the former name, or under a name that led to it by `leads`. Makes no query for one account.
    """
    before, after = change.before, change.after
    if (before.account_id, before.author_id) == (after.account_id, after.author_id):
        return True
    if before.account_id is None or after.account_id is None:
        return False
    names = {before.pk}
    while earlier := {one for one, other in leads.items() if other in names} - names:
        names |= earlier
    signed = Signature.objects.filter(signed_name__in=names).order_by().distinct()
    written = Byline.objects.filter(signed_name__in=names).order_by().distinct()
    ways = [
        *((Corrected.ADVISOR, who, None, *way) for who, *way in signed.values_list("review__advisor", *UNDER)),
        *((Corrected.AUTHOR, None, who, *way) for who, *way in written.values_list("author", *UNDER)),
    ]
    at = change.decision.decided_at
    return bool(ways) and all(
        (name != before.pk or account == before.account_id)
        and corrections.had_led(
            account,
            after.account_id,
            AccountCorrection.objects.filter(corrected=kind, advisor=advisor, author=author, outcome__at__lte=at),
        )
        for kind, advisor, author, name, account in ways
    )


def _beside_corrections(changes: QuerySet[NameChange]) -> Iterator[Fault]:
    """Yield a fault for each of these name changes that an account correction forbids (advisors.corrections.names).

    A name change must not be confirmed while a correction of the account is waiting, or after the person who signed
    under the name has been given another account.
    """
    of_it = Q()
    for name in ("before", "after"):
        of_it |= Q(old_account=OuterRef(f"{name}__account")) | Q(new_account=OuterRef(f"{name}__account"))
    at = OuterRef("decision__decided_at")
    waited = (
        AccountCorrection.objects.filter(of_it)
        .filter(asked_at__lte=at, expires_at__gt=at)
        .filter(Q(outcome=None) | Q(outcome__at__gt=at))
    )
    for change in changes.filter(Exists(waited)).iterator():
        yield Fault(f"change of name {change.pk}", "was confirmed while a correction of the account was waiting")
    moved = AccountCorrection.objects.confirmed().filter(old_account=OuterRef("before__account"), outcome__at__lte=at)
    signed = Signature.objects.filter(
        signed_name=OuterRef(OuterRef("before")), review__advisor=OuterRef("advisor"), account=OuterRef("old_account")
    )
    written = Byline.objects.filter(
        signed_name=OuterRef(OuterRef("before")), author=OuterRef("author"), account=OuterRef("old_account")
    )
    # A later correction may have given the account back.
    back = AccountCorrection.objects.confirmed().filter(
        Q(advisor=OuterRef("advisor")) | Q(author=OuterRef("author")),
        new_account=OuterRef("old_account"),
        outcome__at__lte=OuterRef(at),
        pk__gt=OuterRef("pk"),
    )
    moved = moved.exclude(corrected=Corrected.ADDRESS).filter(Exists(signed) | Exists(written)).exclude(Exists(back))
    # A change to the name of the account that they have since is proved by `_of_one_person`.
    for change in changes.filter(Exists(moved), after__account=F("before__account")).iterator():
        yield Fault(f"change of name {change.pk}", "was confirmed after its bearer had another account")


def _shown_otherwise() -> Iterator[Fault]:
    leads = _leads()
    for pk, shown_as in SignedName.objects.order_by("pk").values_list("pk", "shown_as").iterator():
        if _last(pk, leads) != (shown_as or pk):
            yield Fault(_place(pk), "is shown under another name than confirmed changes lead to")


def _erased_without_a_record() -> Iterator[Fault]:
    done = ErasureRecord.objects.filter(
        Q(erasure__account=OuterRef("account"))
        | Q(erasure__author=OuterRef("author"))
        | Q(erasure__account__isnull=False, erasure__account=OuterRef("author__user"))
    )
    for row in SignedName.objects.exclude(erased_at=None).exclude(Exists(done)).order_by("pk"):
        yield Fault(_place(row.pk), "the name was erased and nobody has recorded it")


def _leads() -> dict[int, int]:
    """Return the names to which confirmed changes lead, by the primary key of the former name."""
    confirmed = NameChange.objects.filter(decision__is_confirmed=True).order_by("pk")
    return dict(confirmed.values_list("before", "after"))


def _last(pk: int, leads: dict[int, int]) -> int:
    """Return the primary key of the name to which the changes lead from this one, or 0 if they lead in a circle."""
    passed = {pk}
    while pk in leads:
        pk = leads[pk]
        if pk in passed:
            return 0
        passed.add(pk)
    return pk


def _place(pk: int) -> str:
    return f"signed name {pk}"
