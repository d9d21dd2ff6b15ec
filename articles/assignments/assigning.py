"""Give an article to somebody, and set its deadline. This module alone writes the rows of Assignment."""

from datetime import date
from typing import NamedTuple

from django.contrib.auth.models import Permission
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from articles import notifications
from articles.exceptions import InvalidTransition, NotPermitted, Overtaken
from articles.models import Article, Assignment
from articles.permissions import may
from core import times


class ShownAssignment(NamedTuple):
    """What a form showed when it was opened: the primary key of the person (None: nobody), and the deadline."""

    person: int | None
    due_on: date | None


def newsroom_people() -> QuerySet[User]:
    """Return the people to whom an article can be assigned, as `can_work` decides for one person, sorted by name."""
    permission = Permission.objects.filter(codename="change_article", content_type__app_label="articles")
    granted = permission.filter(Q(group__user=OuterRef("pk")) | Q(user=OuterRef("pk")))
    return User.objects.filter(Q(is_superuser=True) | Exists(granted), is_active=True, is_staff=True)


def can_work(person: User) -> bool:
    """Return whether this person can work in the newsroom: the account is active, and they may change articles."""
    return person.is_active and person.is_staff and person.has_perm("articles.change_article")


def assign(
    *, article: Article, actor: User, person: User | None, due_on: date | None, seen: ShownAssignment
) -> Assignment | None:
    """Give the article to `person` (None: to nobody) with this deadline, and return the assignment.

    `due_on` is a day in the newsroom's time zone. If all is so already, nothing is stored, and None is returned.

    Raise NotPermitted if `actor` may not edit the article or, unless they are an editor, for anything but taking an
    article that nobody has, giving theirs back, and setting the deadline in either case. Raise Overtaken if `seen` is
    not what is stored, and InvalidTransition for a person who cannot work in the newsroom, and for a new deadline in
    the past.
    """
    with transaction.atomic():
        article = Article.objects.select_for_update().get(pk=article.pk)
        if not may(actor, "assign", article):
            params = {"article": article, "name": actor}
            raise NotPermitted(_("“%(article)s”: %(name)s may not assign it.") % params)
        stored = Assignment.objects.filter(article=article).select_related("person", "set_by").first()
        row = stored or Assignment(article=article)
        before, due_before = row.person, row.due_on
        if (person, due_on) == (before, due_before):
            return None
        if seen != (row.person_id, row.due_on):
            raise Overtaken(_overtaken(stored, actor))
        if not may(actor, "assign_others", article):
            _refuse_to_writers(actor, before, person)
        if person is not None and not can_work(person):
            message = _("%(name)s cannot work in the newsroom. Choose somebody else, or nobody.")
            raise InvalidTransition(message % {"name": person})
        if due_on is not None and due_on != due_before and due_on < timezone.localdate():
            raise InvalidTransition(_("That deadline has passed. Choose today or a later day."))
        row.article, row.person, row.due_on = article, person, due_on
        row.set_by, row.set_at = actor, timezone.now()
        row._history_user = actor  # type: ignore[attr-defined]  # simple_history reads it
        row.save()
        notifications.assigned(row, actor, before)
        return row


def _refuse_to_writers(actor: User, before: User | None, person: User | None) -> None:
    if before not in (None, actor):
        message = _("%(name)s has this article. Only an editor can assign it to somebody else or change its deadline.")
        raise NotPermitted(message % {"name": before})
    if person not in (None, actor):
        raise NotPermitted(_("You can take this article yourself. Only an editor can assign it to somebody else."))


def _overtaken(stored: Assignment | None, actor: User) -> str:
    """Return who has changed the assignment meanwhile, and how it is now."""
    if stored is None:  # the form had shown an assignment, and rows are never deleted
        return _("What the form showed is not what is stored. Nothing was changed: look at the assignment again.")
    values = {
        "editor": stored.set_by,
        "time": times.moment(stored.set_at),
        "person": stored.person,
        "day": times.day(stored.due_on),
    }
    if stored.set_by == actor:
        said = _("You changed this on %(time)s, after the form was opened, so nothing was changed now.")
    else:
        said = _("%(editor)s changed this on %(time)s, while you had the form open, so nothing was changed now.")
    if stored.person and stored.due_on:
        state = _("It is assigned to %(person)s, with the deadline %(day)s.")
    elif stored.person:
        state = _("It is assigned to %(person)s, without a deadline.")
    elif stored.due_on:
        state = _("It is assigned to nobody, with the deadline %(day)s.")
    else:
        state = _("It is assigned to nobody, without a deadline.")
    return f"{said} {state}" % values
