"""The names that people sign under, and the confirmed changes of these names."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, ClassVar

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Profile
from articles.models.people import Author
from articles.names.commitments import commitment, new_salt
from core.db.immutable import ImmutableModel, ImmutableQuerySet
from core.fields import LineField, ProseField


class SignedNameQuerySet(ImmutableQuerySet["SignedName"]):
    """Queries for names. Only `lead` and `erase` change rows."""

    def live(self) -> "SignedNameQuerySet":
        """Return the names under which somebody can sign: neither changed nor erased since."""
        return self.filter(shown_as=None, erased_at=None)

    def in_use(self) -> "SignedNameQuerySet":
        """Return the names under which something is signed, written or shown, and those that people have now.

        A name that somebody asked for and did not get is left out.
        """
        present = Author.objects.filter(Q(user=OuterRef("account")) | Q(pk=OuterRef("author")), name=OuterRef("name"))
        given = NameChange.objects.filter(after=OuterRef("pk"), decision__is_confirmed=True)
        used = Q(Exists(present)) | Q(account__name=F("name")) | Q(Exists(given))
        for model in apps.get_models():
            if issubclass(model, UnderName):
                used |= Q(Exists(model._base_manager.filter(signed_name=OuterRef("pk"))))
        return self.filter(used)

    def stored(self, profile: Profile) -> "SignedName":
        """Return the row for the name that an author or advisor has now. If there is none, store it with a new salt."""
        name = profile.name
        row, _created = self.live().get_or_create(**holder_of(profile), name=name, defaults=new_commitment(name))
        return row

    def lead(self, before: "SignedName", after: "SignedName") -> None:
        """Make everything that is shown under the name `before` appear under the name `after` from now on.

        The database refuses this without a confirmed change from `before` to `after`.
        """
        for rows in (self.filter(shown_as=before), self.filter(pk=before.pk)):
            super(ImmutableQuerySet, rows).update(shown_as=after)

    def erase(self, at: datetime) -> None:
        """Empty the salt and the name of these rows, as erased at the aware time `at`.

        The database refuses this without an ErasureRecord.
        """
        super(ImmutableQuerySet, self.filter(erased_at=None)).update(salt="", name="", erased_at=at)


class SignedName(ImmutableModel):
    """A name as a person has signed it. Signed records hold `commitment` (articles.names.commitments) in its place.

    It belongs to an account or, if the author has none, to an author's profile. Salt and name are private. Readers see
    `shown`: after a confirmed change (NameChange), the name of the row `shown_as`. The database refuses every update
    but two: a confirmed change sets `shown_as`, and an erasure empties salt and name.
    """

    commitment = models.CharField(max_length=64, unique=True)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    author = models.ForeignKey(Author, on_delete=models.PROTECT, null=True, related_name="+")
    salt = models.CharField(max_length=64, blank=True)
    name = LineField(max_length=120, blank=True)
    shown_as = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="earlier")
    erased_at = models.DateTimeField(null=True)

    objects: ClassVar = SignedNameQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(commitment__regex=r"^[0-9a-f]{64}$"), name="signed_name_commitment_is_sha256"
            ),
            models.CheckConstraint(
                condition=Q(account=None, author__isnull=False) | Q(account__isnull=False, author=None),
                name="signed_name_of_one_person",
            ),
            models.CheckConstraint(
                condition=(Q(erased_at=None, salt__regex=r"^[0-9a-f]{32,64}$") & ~Q(name=""))
                | Q(erased_at__isnull=False, salt="", name=""),
                name="signed_name_is_whole_or_erased",
            ),
            models.CheckConstraint(
                condition=Q(shown_as=None) | ~Q(shown_as=F("pk")), name="signed_name_not_shown_as_itself"
            ),
            models.UniqueConstraint(
                fields=["account", "name"],
                condition=Q(shown_as=None, erased_at=None, author=None),
                name="signed_name_of_account_once",
            ),
            models.UniqueConstraint(
                fields=["author", "name"],
                condition=Q(shown_as=None, erased_at=None, account=None),
                name="signed_name_of_author_once",
            ),
        ]

    def __str__(self) -> str:
        return self.shown

    @property
    def shown(self) -> str:
        """Return the name that readers see now: the present one, or “Name removed”."""
        return (self.shown_as or self).name or gettext("Name removed")

    @property
    def is_removed(self) -> bool:
        """Return whether readers see no name, because it was erased."""
        return not (self.shown_as or self).name


def new_commitment(name: str) -> dict[str, str]:
    """Return a new salt and the commitment to this name under it, as fields of a SignedName."""
    salt = new_salt()
    return {"salt": salt, "commitment": commitment(salt, name)}


def holder_of(profile: Profile) -> dict[str, int | None]:
    """Return the account or the author to whom a name of this profile belongs, as fields of a SignedName."""
    account = getattr(profile, "user_id", None)
    return {"account_id": account, "author_id": None if account else profile.pk}


def present_names(authors: Iterable[Author]) -> dict[int, SignedName]:
    """Return the SignedName with each author's present name, by the primary key of the author.

    It is unsaved if nothing has been signed under that name yet. Makes one query if there are authors.
    """
    people = {author.pk: (author, holder_of(author)) for author in authors}
    accounts = [author.user_id for author, _holder in people.values() if author.user_id]
    own = Q(account__in=accounts) | Q(account=None, author__in=people)
    stored = {(row.account_id, row.author_id, row.name): row for row in SignedName.objects.live().filter(own)}
    found = {}
    for pk, (author, holder) in people.items():
        row = stored.get((holder["account_id"], holder["author_id"], author.name))
        found[pk] = row or SignedName(**holder, name=author.name, **new_commitment(author.name))
    return found


class UnderNameManager(models.Manager.from_queryset(ImmutableQuerySet)):  # type: ignore[misc]
    """A manager whose rows come with their names, so that a list of them needs no query for each name."""

    def get_queryset(self) -> models.QuerySet:
        rows: models.QuerySet = super().get_queryset()
        return rows.select_related("signed_name__shown_as")


class UnderName(ImmutableModel):
    """Abstract base of rows that somebody signed or that name somebody, with the name as it was signed."""

    signed_name = models.ForeignKey(SignedName, on_delete=models.PROTECT, related_name="+")

    objects: ClassVar[Any] = UnderNameManager()

    class Meta:
        abstract = True

    @property
    def name(self) -> str:
        """Return the name that readers see now (SignedName.shown)."""
        return self.signed_name.shown


class NameChangeQuerySet(ImmutableQuerySet["NameChange"]):
    """Queries for name changes."""

    def waiting(self) -> "NameChangeQuerySet":
        """Return the changes on which nobody has decided yet."""
        return self.filter(decision=None)


class NameChange(ImmutableModel):
    """A request to be shown under another name, from one SignedName of a person to another of the same person.

    No reason is asked, and readers get no notice (COPE, “Author name changes”, 2021). It has no effect before somebody
    else has confirmed it (NameChangeDecision).
    """

    before = models.ForeignKey(SignedName, on_delete=models.PROTECT, related_name="changes")
    after = models.ForeignKey(SignedName, on_delete=models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar = NameChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("name change")
        verbose_name_plural = _("name changes")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(before=F("after")), name="name_change_to_another_name"),
        ]

    def __str__(self) -> str:
        return gettext("from “%(before)s” to “%(after)s”") % {"before": self.before.name, "after": self.after.name}


class NameChangeDecision(ImmutableModel):
    """The decision on a name change: confirmed, with how the identity was checked, or declined."""

    change = models.OneToOneField(NameChange, on_delete=models.PROTECT, related_name="decision")
    is_confirmed = models.BooleanField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(default=timezone.now)
    how = ProseField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(is_confirmed=False) | ~Q(how=""), name="name_change_confirmed_says_how"),
        ]

    def __str__(self) -> str:
        return gettext("confirmed") if self.is_confirmed else gettext("declined")
