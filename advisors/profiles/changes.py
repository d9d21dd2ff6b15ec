"""The changes that others made to an advisor's profile after the advisor first signed a verdict.

The history of the profile (django-simple-history) is the only source. What was signed does not change with the profile
(advisors.models.Signature), so an advisor has to see what readers find on their page instead, and who wrote it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from django.apps import apps
from django.db.models import Subquery
from django.utils.text import capfirst
from django.utils.translation import gettext

from advisors.models import Advisor, Review
from articles.models import NameChangeDecision

# What readers find on an advisor's page or beside what they signed, besides the specialties.
SHOWN = (
    *("name", "slug", "credentials", "job_title", "affiliation", "biography", "photo", "orcid"),
    *("disclosure", "is_active"),
)
NAMES = ("name", "slug")  # the address is made from the name
MOST_VERSIONS = 300  # the newest versions of a profile that are read


@dataclass(frozen=True)
class ProfileChange:
    """A change of one field of a profile. `before` and `after` are texts, or the addresses of pictures; "" is empty."""

    at: datetime
    by: str
    label: str
    before: str
    after: str
    is_picture: bool = False


def by_others(advisor: Advisor) -> list[ProfileChange]:
    """Return what others changed in this profile after the advisor first signed a verdict, the newest change first.

    Anybody but the account that the advisor has now counts as another. Names from before a confirmed change of the name
    are left out, because nobody is shown them any more (articles.names). Only the newest MOST_VERSIONS versions of the
    profile are compared. Makes at most four queries, and one if nobody else saved the profile after a verdict.
    """
    signed = Review.with_taken_back.filter(advisor=advisor, signature__isnull=False)
    first = signed.order_by("verdict_at").values("verdict_at")[:1]
    all_versions = Advisor.history.filter(id=advisor.pk).select_related("history_user").order_by("-history_id")
    versions = list(all_versions.filter(history_date__gt=Subquery(first))[:MOST_VERSIONS])
    if all(version.history_user_id == advisor.user_id for version in versions):
        return []
    versions += all_versions.filter(history_id__lt=versions[-1].history_id)[:1]  # what the oldest of them changed
    specialties = _specialties(versions)
    hidden = FormerNames(versions)
    found: list[ProfileChange] = []
    for after, before in pairwise(versions):
        if after.history_user_id == advisor.user_id:
            continue
        at, by = after.history_date, whoever(after)
        for name in SHOWN:
            old, new = getattr(before, name), getattr(after, name)
            if old != new and not (name in NAMES and (hidden.in_version(before) or hidden.in_version(after))):
                texts = _text(name, old), _text(name, new)
                found.append(ProfileChange(at, by, label_of(name), *texts, is_picture=name == "photo"))
        old, new = specialties.get(before.pk, ""), specialties.get(after.pk, "")
        if old != new:
            found.append(ProfileChange(at, by, label_of("specialties"), old, new))
    return found


class FormerNames:
    """Tells which versions of a profile have a name from before a confirmed change of it. Makes one query.

    The accounts are those that the profile has had, because a correction can have changed the account since.
    """

    def __init__(self, versions: Sequence[Any]) -> None:
        accounts = {version.user_id for version in versions}
        decisions = NameChangeDecision.objects.filter(is_confirmed=True, change__after__account__in=accounts)
        rows = decisions.order_by("decided_at", "pk").values_list(
            "change__before__name", "change__after__name", "decided_at"
        )
        known: list[tuple[str, str, datetime]] = list(rows)
        self.present = known[-1][1] if known else ""
        self.since = known[-1][2] if known else None
        self.former = {before for before, _after, _at in known} - {self.present}

    def in_version(self, version: Any) -> bool:
        """Return whether nobody is shown the name of this version any more."""
        if self.since is None or version.name == self.present:
            return False
        return version.name in self.former or version.history_date < self.since


def whoever(version: Any) -> str:
    """Return the name of the account that made this version of a profile, or words for an account not recorded."""
    return str(version.history_user) if version.history_user else gettext("somebody who was not recorded")


def label_of(name: str) -> str:
    """Return the label of a field of a profile, with a capital letter."""
    return capfirst(str(Advisor._meta.get_field(name).verbose_name))  # type: ignore[union-attr]  # no relation from elsewhere


def _text(name: str, value: Any) -> str:
    if name == "photo":
        return Advisor._meta.get_field("photo").storage.url(value) if value else ""
    if name == "is_active":
        return gettext("yes") if value else gettext("no")
    return str(value)


def _specialties(versions: Sequence[Any]) -> Mapping[int, str]:
    """Return the names of the specialties in each version of a profile, joined by commas. Makes one query."""
    rows = apps.get_model("advisors", "HistoricalAdvisor_specialties").objects
    found: dict[int, list[str]] = {}
    of_these = rows.filter(history__in=[version.pk for version in versions]).order_by("topic__name", "topic_id")
    for version, topic in of_these.values_list("history", "topic__name"):
        found.setdefault(version, []).append(topic)
    return {version: ", ".join(topics) for version, topics in found.items()}
