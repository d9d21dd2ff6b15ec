"""Erase a person's names. Two superusers are needed, and what was approved can still be verified afterwards.

Names and salts are deleted, so nobody can find the name behind a commitment any more (articles.names.commitments). The
commitments stay, because digests contain them. An erasure reaches all accounts of the person
(advisors.personal_data.person).
"""

from collections.abc import Collection

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from advisors.models import Advisor
from advisors.personal_data.person import Person, person_of
from articles.exceptions import InvalidTransition, NotPermitted
from articles.models import Author, Autosave, Erasure, ErasureRecord
from articles.names.shown import renamed_accounts
from core.text import has_words
from inbox.models import Notification
from inbox.notifying import erase as erase_notifications
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
    author has an account (ask to erase the account's names instead), or if the person is still active with one of
    their accounts.
    """
    _must_be_superuser(actor)
    if not has_words(reason):
        raise InvalidTransition(_("Say why it is erased, and how the person asked for it."))
    _refuse_active(person)
    if isinstance(person, Author):
        return Erasure.objects.create(author=person, asked_by=actor, reason=reason)
    return Erasure.objects.create(account=person, asked_by=actor, reason=reason)


def carry_out(*, erasure: Erasure, actor: User, not_theirs: Collection[User] = ()) -> ErasureRecord:
    """Erase the person's names, salts, profiles with their history, and the emails to or about them. Return the record.

    This reaches all accounts of the person. Each gets an erasure and a record of its own, and the record that is
    returned counts all rows. `not_theirs` are accounts from before a correction that are those of somebody else: there,
    only the names that the person signed are erased. Readers then see “Name removed” in place of the name. Raise
    NotPermitted unless `actor` is an active superuser other than the one who asked and the person concerned. Raise
    InvalidTransition if the person is active, if the author has an account, if the erasure was carried out already, if
    one of `not_theirs` is not a former account, or if it reaches several accounts and whoever asked is no superuser any
    more. Raise ValueError if it concerns neither an account nor an author.
    """
    _must_be_superuser(actor)
    whom = erasure.account or erasure.author
    if whom is None:
        raise ValueError(f"{erasure} is of nobody.")
    if actor.pk in (erasure.asked_by_id, erasure.account_id):
        raise NotPermitted(_("Another superuser has to carry out the erasure."))
    _refuse_active(whom)
    with transaction.atomic():
        if ErasureRecord.objects.filter(erasure=erasure).exists():
            raise InvalidTransition(_("This erasure was carried out already."))
        person = person_of(whom, not_theirs)
        if actor in (*person.accounts, *person.left):
            raise NotPermitted(_("Another superuser has to carry out the erasure."))
        return _erase(erasure, person, actor)


def _erase(erasure: Erasure, person: Person, actor: User) -> ErasureRecord:
    names = person.names().filter(erased_at=None)
    autosaves = Autosave.objects.filter(user__in=person.accounts)
    erased = {"articles_signedname": names.count(), Autosave._meta.db_table: autosaves.count()}
    for profile in person.profiles:
        past = profile.history.model
        for table, count in (
            (profile._meta.db_table, 1),
            (past._meta.db_table, past.objects.filter(id=profile.pk).count()),
        ):
            erased[table] = erased.get(table, 0) + count
    written = {"addresses": person.addresses(), "names": person.written_names() - {"", REMOVED}}
    erased["post_office_email"] = erase_emails(**written)
    erased[Notification._meta.db_table] = erase_notifications(of=person.accounts, **written)
    record: ErasureRecord = ErasureRecord.objects.create(erasure=erasure, done_by=actor, erased=erased, kept=KEPT)
    _record_of_others(record, person, actor)
    names.erase(timezone.now())
    for profile in person.profiles:
        _empty(profile)
    autosaves.delete()
    User.objects.filter(pk__in=[account.pk for account in person.accounts]).update(name=REMOVED)
    renamed_accounts.changed()
    return record


def _record_of_others(record: ErasureRecord, person: Person, actor: User) -> None:
    """Store a request and a record for each other account and author of the person, which the database asks for.

    The database lets a name be erased only with a record of the account or author to whom it belongs, and lets only
    superusers ask for it.
    """
    erasure, names = record.erasure, person.names().filter(erased_at=None)
    accounts = [account for account in (*person.accounts, *person.left) if account.pk != erasure.account_id]
    authors = [author for author in person.authors if not author.user_id and author.pk != erasure.author_id]
    for one in (*accounts, *authors):
        holder = {"account" if isinstance(one, User) else "author": one}
        erased = {"articles_signedname": names.filter(**holder).count()}
        if one in person.left and not erased["articles_signedname"]:
            continue
        if not (erasure.asked_by.is_active and erasure.asked_by.is_superuser):
            raise InvalidTransition(_("Whoever asked for it is no superuser any more. Ask for the erasure again."))
        part = Erasure.objects.create(
            **holder, asked_by=erasure.asked_by, reason=_("Part of erasure %(number)s.") % {"number": erasure.pk}
        )
        ErasureRecord.objects.create(erasure=part, done_by=actor, erased=erased, kept=KEPT)


def _empty(profile: Author | Advisor) -> None:
    """Empty a profile and its history, and give its page an address without the name."""
    rows = type(profile)._default_manager.filter(pk=profile.pk)
    rows.update(name=REMOVED, slug=f"removed-{profile.pk}", **dict.fromkeys(WORDS, ""))
    profile.history.model.objects.filter(id=profile.pk).delete()


def _must_be_superuser(actor: User) -> None:
    if not (actor.is_active and actor.is_superuser):
        raise NotPermitted(_("Only superusers can erase the names of a person."))


def _refuse_active(whom: User | Author) -> None:
    if isinstance(whom, Author) and whom.user_id:
        raise InvalidTransition(_("This author has an account. Ask to erase the names of the account."))
    for account in person_of(whom).accounts:
        if not account.is_active and not Advisor.objects.filter(user=account, is_active=True).exists():
            continue
        if account == whom:
            raise InvalidTransition(_("End their time on the board and deactivate the account first."))
        said = _("%(address)s is theirs, too. End their time on the board and deactivate that account first.")
        raise InvalidTransition(said % {"address": account.email})
