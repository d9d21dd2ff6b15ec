"""Erase a person's names. Two superusers are needed, and what was approved can still be verified afterwards.

Names and salts are deleted, so nobody can find the name behind a commitment any more (articles.names.commitments). The
commitments stay, because digests contain them.
"""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from advisors.models import AccountCorrection, Advisor, Corrected, Signature
from articles.exceptions import InvalidTransition, NotPermitted
from articles.models import Author, Autosave, Erasure, ErasureRecord
from articles.names.changes import names_of
from articles.names.shown import renamed_accounts
from core.text import has_words
from mail.erasing import erase as erase_emails

REMOVED = "Name removed"
# The fields of a profile besides its name and its address.
WORDS = ("credentials", "job_title", "affiliation", "biography", "photo", "orcid")
# Stored with each record, so it is never translated.
KEPT = (
    "Credentials, positions, portraits and disclosures beside what was signed: they belong to the record of what the "
    "board approved.\n"
    "The address of the account, there, in signatures, vouches and corrections: it ties a verdict to the person who "
    "gave it, for as long as claims about what was published can be brought (GDPR, article 17(3)(e)).\n"
    "Names that the log of the newsroom has written out: it is never changed, and no page shows them any more.\n"
    "Names in what others have typed, such as a reason or a comment.\n"
    "Former addresses of the pages: whoever knows one still finds the page, which no longer shows the name.\n"
    "Emails to others that had not been sent yet, and emails in the mailboxes of those who got them.\n"
    "The server's own logs, for as long as whoever runs it keeps them; the site writes them without addresses.\n"
    "Accesses through emailed links: they are deleted 180 days after each access.\n"
    "Copies in backups, until these are deleted, and copies of pages that others have made."
)


def ask(*, person: User | Author, actor: User, reason: str) -> Erasure:
    """Record that a superuser asks to erase this person's names, and return the request.

    Raise NotPermitted for anybody but an active superuser. Raise InvalidTransition if the reason is missing, if the
    author has an account (ask to erase the account's names instead), or if the person is still active.
    """
    _must_be_superuser(actor)
    if not has_words(reason):
        raise InvalidTransition(_("Say why it is erased, and how the person asked for it."))
    _refuse_active(person)
    if isinstance(person, Author):
        return Erasure.objects.create(author=person, asked_by=actor, reason=reason)
    return Erasure.objects.create(account=person, asked_by=actor, reason=reason)


def carry_out(*, erasure: Erasure, actor: User) -> ErasureRecord:
    """Erase the person's names, salts, profiles with their history, and the emails to or about them. Return the record.

    Readers then see “Name removed” in place of the name. Raise NotPermitted unless `actor` is an active superuser other
    than the one who asked and the person concerned. Raise InvalidTransition if the person is active, if the author has
    an account, or if the erasure was carried out already, and ValueError if it concerns neither an account nor an
    author.
    """
    _must_be_superuser(actor)
    person = erasure.account or erasure.author
    if person is None:
        raise ValueError(f"{erasure} is of nobody.")
    if actor.pk in (erasure.asked_by_id, erasure.account_id):
        raise NotPermitted(_("Another superuser has to carry out the erasure."))
    _refuse_active(person)
    with transaction.atomic():
        if ErasureRecord.objects.filter(erasure=erasure).exists():
            raise InvalidTransition(_("This erasure was carried out already."))
        names, profiles = names_of(person), _profiles(person)
        erased = {
            "articles_signedname": names.filter(erased_at=None).count(),
            Autosave._meta.db_table: Autosave.objects.filter(user=erasure.account_id or 0).count(),
            **{profile._meta.db_table: 1 for profile in profiles},
            **{
                profile.history.model._meta.db_table: profile.history.model.objects.filter(id=profile.pk).count()
                for profile in profiles
            },
            "post_office_email": erase_emails(
                addresses=_addresses(person), names={*names.values_list("name", flat=True), *_names(person, profiles)}
            ),
        }
        record: ErasureRecord = ErasureRecord.objects.create(erasure=erasure, done_by=actor, erased=erased, kept=KEPT)
        names.erase(timezone.now())
        for profile in profiles:
            _empty(profile)
        Autosave.objects.filter(user=erasure.account_id).delete()
        if erasure.account_id:
            User.objects.filter(pk=erasure.account_id).update(name=REMOVED)
        renamed_accounts.changed()
        return record


def _profiles(person: User | Author) -> list[Author | Advisor]:
    if isinstance(person, Author):
        return [person]
    return [*Author.objects.filter(user=person), *Advisor.objects.filter(user=person)]


def _addresses(person: User | Author) -> set[str]:
    """Return the present and the former addresses of an account; an author without one has none."""
    if isinstance(person, Author):
        return set()
    addresses = {person.email, *Signature.objects.filter(account=person).values_list("account_email", flat=True)}
    corrections = AccountCorrection.objects.filter(corrected=Corrected.ADDRESS, old_account=person)
    for row in corrections.values_list("old_address", "new_address"):
        addresses.update(row)
    return addresses


def _names(person: User | Author, profiles: Iterable[Author | Advisor]) -> set[str]:
    """Return every name that the account and the profiles have had."""
    found = {person.name, *(profile.name for profile in profiles)}
    for profile in profiles:
        found.update(profile.history.model.objects.filter(id=profile.pk).values_list("name", flat=True))
    return found - {REMOVED}


def _empty(profile: Author | Advisor) -> None:
    """Empty a profile and its history, and give its page an address without the name."""
    rows = type(profile)._default_manager.filter(pk=profile.pk)
    rows.update(name=REMOVED, slug=f"removed-{profile.pk}", **dict.fromkeys(WORDS, ""))
    profile.history.model.objects.filter(id=profile.pk).delete()


def _must_be_superuser(actor: User) -> None:
    if not (actor.is_active and actor.is_superuser):
        raise NotPermitted(_("Only superusers can erase the names of a person."))


def _refuse_active(person: User | Author) -> None:
    if isinstance(person, Author):
        if person.user_id:
            raise InvalidTransition(_("This author has an account. Ask to erase the names of the account."))
        return
    advisors = Advisor.objects.filter(user=person, is_active=True)
    if person.is_active or advisors.exists():
        raise InvalidTransition(_("End their time on the board and deactivate the account first."))
