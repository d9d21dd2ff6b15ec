"""Store what somebody types into an article's form, before they save it.

The page sends it a moment after each pause, and offers it back on any device. It never becomes part of an article by
itself: only saving the form makes a revision (articles.drafting).
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from articles.exceptions import InvalidTransition, NotPermitted
from articles.models import Article, Autosave
from articles.permissions import may
from core.html import text_of
from core.text import clean_line

LONGEST_TITLE = 200  # characters
FIRST_WORDS = 60  # characters that stand for a title
BEGINNING = 2_000  # characters of a text, with its markup, that have its first words
MAX_CHARACTERS = 2_000_000  # of the text with its markup; an article of 12,000 words has about 100,000


class WrittenElsewhere(InvalidTransition):
    """Raised if another page of the same person has stored other text since; `autosave` is that text."""

    def __init__(self, autosave: Autosave) -> None:
        super().__init__(_("You are writing this text in another window or on another device too."))
        self.autosave = autosave


class TooLongToKeep(InvalidTransition):
    """Raised if the text is longer than MAX_CHARACTERS characters."""


def kept(*, article: Article | None, user: User, begun: str = "") -> Autosave | None:
    """Return this user's autosave for the form of this article, or of the new one that `begun` names, or None.

    Makes one query.
    """
    return Autosave.objects.of(user, article, begun).first()


def begun_articles(user: User) -> QuerySet[Autosave]:
    """Return this user's articles that were never saved, the last first, without their texts."""
    return Autosave.objects.begun_by(user).defer("typed").order_by("-saved_at", "-pk")


def keep(
    *,
    article: Article | None,
    actor: User,
    window: str,
    seen: str,
    base: int,
    fields: Mapping[str, str],
    begun: str = "",
) -> Autosave | None:
    """Store `fields` as what `actor` has typed into this form, and return the autosave. `begun` names a new article's.

    Without fields, the autosave is deleted, and None is returned. `window` names the page that has been typed into, and
    `base` the version of the article that it showed. The autosave of another page is replaced only if `seen` is its
    digest: the person has decided about it. Raise WrittenElsewhere otherwise, NotPermitted if `actor` may not edit the
    article or begin one, and TooLongToKeep for a text of more than MAX_CHARACTERS characters.
    """
    if not (actor.has_perm("articles.add_article") if article is None else may(actor, "edit", article)):
        raise NotPermitted(_("%(name)s may not edit this article.") % {"name": actor})
    typed = json.dumps(dict(fields), sort_keys=True)
    if len(typed) > MAX_CHARACTERS:
        raise TooLongToKeep(_("The text is too long to be kept on the server before it is saved."))
    with transaction.atomic():
        # Pages of one person take turns. Their row is locked, because there may be no autosave yet that could be.
        User.objects.select_for_update(no_key=True).filter(pk=actor.pk).values_list("pk").first()
        before = kept(article=article, user=actor, begun=begun)
        if before is not None and window != before.window and seen != before.digest:
            raise WrittenElsewhere(before)
        if not fields:
            Autosave.objects.of(actor, article, begun).delete()
            return None
        autosave, _created = Autosave.objects.update_or_create(
            article=article,
            user=actor,
            begun=begun,
            defaults={
                "title": _title_in(fields),
                "window": window,
                "base": base,
                "typed": typed,
                "digest": hashlib.sha256(f"{window} {base} {typed}".encode()).hexdigest(),
                "saved_at": timezone.now(),
            },
        )
        return autosave


def forget_saved(*, article: Article, actor: User, window: str, taken_up: str = "") -> None:
    """Delete the autosave of this page, because it has saved the article. Call this in the transaction of the save.

    `taken_up` is the digest of another page's autosave that the person has put back or discarded in this one.
    """
    done = Q(window=window) | Q(digest=taken_up)
    Autosave.objects.of(actor, article).filter(done).delete()
    Autosave.objects.begun_by(actor).filter(done).delete()


def _title_in(fields: Mapping[str, str]) -> str:
    """Return the title in the form, or the first words of the text, without characters that a database refuses."""
    words = text_of(fields.get("body", "")[:BEGINNING])[:FIRST_WORDS]
    for text in (fields.get("title", "")[: 2 * LONGEST_TITLE], words):
        if title := clean_line(text.encode("utf-8", "ignore").decode())[:LONGEST_TITLE]:
            return title
    return ""


def purge() -> int:
    """Delete the autosaves that were not changed for AUTOSAVE_DAYS days, and return how many there were."""
    too_old = timezone.now() - timedelta(days=settings.AUTOSAVE_DAYS)
    return Autosave.objects.filter(saved_at__lt=too_old).delete()[0]
