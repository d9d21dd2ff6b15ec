"""Changes of the names that people sign under. The person asks, somebody else confirms, and no notice appears.

COPE's guidance on author name changes (2021) asks publishers not to demand a reason or proof of a legal change, and to
give no public notice. So the record of a change is for editors only, and readers see the new name wherever the old one
stood. What was signed stays as it is: it holds a commitment to the name (articles.names.commitments).
"""

from typing import cast

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Profile, User
from articles.exceptions import InvalidTransition, NotPermitted
from articles.models import Author, NameChange, NameChangeDecision, SignedName
from articles.models.names import SignedNameQuerySet, new_commitment
from articles.names.shown import renamed_accounts
from articles.signals import (
    moved_names_wanted,
    name_change_asked,
    name_change_decided,
    name_changed,
    name_hindrance_wanted,
)
from core.slugs import slug_of
from core.text import clean_line, has_unseen, has_words


def names_of(person: User | Author) -> SignedNameQuerySet:
    """Return all names under which this account, or this author without an account, has signed or can sign."""
    names: SignedNameQuerySet = SignedName.objects.filter(_own(person))
    return names.order_by("pk")


def all_names_of(person: User | Author) -> SignedNameQuerySet:
    """Return `names_of`, and the names signed with another account that are theirs by a correction of their account."""
    names: SignedNameQuerySet = SignedName.objects.filter(_own(person) | Q(pk__in=_moved_to(person)))
    return names.order_by("pk")


def _own(person: User | Author) -> Q:
    return Q(author=person) if isinstance(person, Author) else Q(account=person) | Q(author__user=person)


def _moved_to(person: User | Author) -> set[int]:
    if isinstance(person, Author):
        return set()
    return {pk for found in moved_names_wanted.ask(sender=SignedName, account=person) for pk in found}


def may_ask(actor: User, person: User | Author) -> bool:
    """Return whether `actor` may ask for another name: the person or, for an author without an account, an editor.

    For an author who has an account, pass the account.
    """
    if not actor.is_active:
        return False
    if isinstance(person, Author):
        return person.user_id is None and actor.has_perm("articles.edit_all_articles")
    return person.pk == actor.pk


def ask(*, person: User | Author, actor: User, name: str) -> list[NameChange]:
    """Record that the person wants to be named `name`, and return the request for each name that it replaces.

    Nothing changes before somebody else has confirmed it (`confirm`). Raise NotPermitted for anybody but the person or,
    for an author without an account, an editor. Raise InvalidTransition if the name is not valid, nothing is signed
    under another one, a request is waiting already, or none of the names can be changed now
    (advisors.corrections.names). Those that cannot are left out, as are names that the person asked for and did not
    get.
    """
    if not may_ask(actor, person):
        raise NotPermitted(_("People ask for another name themselves, with their own account."))
    wanted = _cleaned(name)
    with transaction.atomic():
        own = list(all_names_of(person).live().in_use().select_for_update(of=("self",)))
        account = person.pk if isinstance(person, User) else None
        earlier = [one for one in own if one.name != wanted]
        free = [one for one in earlier if not _hindrance(one, account)]
        if earlier and not free:
            raise InvalidTransition(_hindrance(earlier[0], account))
        if not free and (own or person.name == wanted):
            raise InvalidTransition(_("This is your name already."))
        if not free:
            raise InvalidTransition(_("Nothing is signed under another name. An editor can change the profile."))
        if NameChange.objects.waiting().filter(before__in=all_names_of(person)).exists():
            raise InvalidTransition(_("A change of this name is waiting for an editor already."))
        asked = [
            NameChange.objects.create(before=before, after=_same_person(before, account, wanted), asked_by=actor)
            for before in free
        ]
        name_change_asked.send(sender=NameChange, changes=asked)
        return asked


def request_of(change: NameChange) -> list[NameChange]:
    """Return the waiting changes of the request that this change belongs to: one for each name that it replaces.

    They are decided on together. The list is empty once somebody has decided.
    """
    names = all_names_of(_person(change))
    waiting = NameChange.objects.waiting().filter(before__in=names, after__name=change.after.name)
    found = list(waiting.select_related("before__account", "before__author", "after__account").order_by("pk"))
    return found if change in found else []


def refusal(change: NameChange, actor: User) -> str:
    """Return a sentence that says why this user cannot confirm the change, or an empty string if they can."""
    if not actor.is_active or not actor.has_perm("articles.edit_all_articles"):
        return _("Only editors and administrators confirm a change of a name.")
    before, after = change.before, change.after
    own = (before.account_id, after.account_id, before.author.user_id if before.author else None)
    if actor.pk in own or actor.pk == change.asked_by_id:
        return _("Somebody else has to confirm a change that you asked for.")
    return _hindrance_of(request_of(change))


def _hindrance_of(request: list[NameChange]) -> str:
    return next(filter(None, (_hindrance(change.before, change.after.account_id) for change in request)), "")


def _hindrance(name: SignedName, account: int | None) -> str:
    """Return why this account cannot change this name now, according to other apps, or an empty string."""
    return next(filter(None, name_hindrance_wanted.ask(sender=SignedName, name=name, account=account)), "")


def confirm(*, change: NameChange, actor: User, how: str) -> NameChangeDecision:
    """Confirm that both names belong to one person, and `how` this was checked; return the decision.

    The decision holds for all names that the request replaces (`request_of`), so that none stays waiting. From then on
    readers see the new name wherever the old one stood, and the profile and its address change with it; the former
    address leads to the new one. For an advisor this is also a vouch for the new name. Raise NotPermitted for users who
    cannot confirm the change (`refusal`). Raise InvalidTransition if `how` is missing or too long, if a name cannot be
    changed now, or if somebody has decided already.
    """
    if refused := refusal(change, actor):
        raise NotPermitted(refused)
    if not has_words(how):
        raise InvalidTransition(_("Say how you have checked that it is the same person."))
    with transaction.atomic():
        request = _locked(change)
        if hindered := _hindrance_of(request):
            raise InvalidTransition(hindered)
        decision = _decided(change, request, actor, how, is_confirmed=True)
        for one in request:
            _apply(one.before, one.after)
            name_changed.send(sender=NameChange, before=one.before, after=one.after, actor=actor, how=how)
        renamed_accounts.changed()
        return decision


def _apply(before: SignedName, after: SignedName) -> None:
    SignedName.objects.lead(before, after)
    for author in Author.objects.filter(name=before.name).filter(
        Q(user=after.account_id) if after.account_id else Q(pk=before.author_id)
    ):
        rename(author, after.name)
    if after.account_id:
        User.objects.filter(pk=after.account_id).update(name=after.name)


def decline(*, change: NameChange, actor: User, how: str = "") -> NameChangeDecision:
    """Record that an editor declines the change, or that the person who asked takes it back; return the decision.

    The decision holds for all names that the request replaces. Raise NotPermitted for anybody else, and
    InvalidTransition if `how` is too long or somebody has decided already.
    """
    is_editor = actor.is_active and actor.has_perm("articles.edit_all_articles")
    if not is_editor and actor.pk != change.asked_by_id:
        raise NotPermitted(_("Only an editor can decline a change, and only whoever asked for it can take it back."))
    with transaction.atomic():
        return _decided(change, _locked(change), actor, how, is_confirmed=False)


def rename(profile: Profile, name: str) -> None:
    """Give a profile this name and a free slug made from it, and save it. Its former address then redirects."""
    profile.name = name
    base = slug_of(name) or f"{profile._meta.model_name}-{profile.pk}"
    if profile.slug != base:
        candidates = (base, *(f"{base}-{number}" for number in range(2, 1000)))
        profile.slug = next(slug for slug in candidates if _is_free(profile, slug))
    profile.save(update_fields=["name", "slug"])


def _is_free(profile: Profile, slug: str) -> bool:
    """Return whether no other profile has this address or had it before."""
    if type(profile)._default_manager.filter(slug=slug).exclude(pk=profile.pk).exists():
        return False
    try:
        profile._meta.get_field("slug").clean(slug, profile)
    except ValidationError:
        return False
    return True


def _cleaned(name: str) -> str:
    """Return the name as it is stored.

    Raise InvalidTransition if it is empty or too long, or has characters that cannot be seen.
    """
    if has_unseen(name):
        raise InvalidTransition(_("The name has characters that cannot be seen. Type it again."))
    field = SignedName._meta.get_field("name")
    try:
        cleaned: str = field.clean(clean_line(name), None)
    except ValidationError as error:
        raise InvalidTransition(" ".join(error.messages)) from error
    if not has_words(cleaned):
        raise InvalidTransition(_("Write the name."))
    return cleaned


def _same_person(before: SignedName, account: int | None, name: str) -> SignedName:
    """Return the live row with this name of the account or, for an author's name, of the author; store it if needed."""
    holder = {"account_id": account if before.account_id else None, "author_id": before.author_id}
    row: SignedName
    row, _created = SignedName.objects.live().get_or_create(**holder, name=name, defaults=new_commitment(name))
    return row


def _person(change: NameChange) -> User | Author:
    """Return the account whose name changes or, if the author has no account, the author."""
    author = change.before.author
    return cast(User, change.after.account) if author is None else author.user or author


def _locked(change: NameChange) -> list[NameChange]:
    """Lock the account and all names of the person, and return the request (`request_of`).

    Raise InvalidTransition if somebody has decided on the change already.
    """
    person = _person(change)
    if isinstance(person, User):
        User.objects.select_for_update().filter(pk=person.pk).first()
    list(all_names_of(person).select_for_update(of=("self",)))
    request = request_of(change)
    if not request:
        raise InvalidTransition(_("Somebody has decided on this change already."))
    return request


def _decided(
    change: NameChange, request: list[NameChange], actor: User, how: str, *, is_confirmed: bool
) -> NameChangeDecision:
    """Record the decision on each change of a request, announce it once, and return that on `change`."""
    at = timezone.now()
    rows = {
        one.pk: NameChangeDecision(change=one, is_confirmed=is_confirmed, decided_by=actor, decided_at=at, how=how)
        for one in request
    }
    for row in rows.values():
        try:
            row.clean_fields()
        except ValidationError as error:
            raise InvalidTransition(" ".join(error.messages)) from error
        row.save()
    decision = rows[change.pk]
    name_change_decided.send(sender=NameChange, decision=decision)
    return decision
