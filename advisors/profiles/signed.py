"""Where the profile of an advisor says something else today than the advisor signed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, Window
from django.db.models.functions import RowNumber
from django.utils.translation import gettext as _

from advisors.guards import DETAILS
from advisors.models import Advisor, Review
from advisors.profiles.changes import MOST_VERSIONS, label_of, whoever
from core import times

NOT_QUOTED = ("disclosure", "photo")  # the texts are long, and a picture is no text


@dataclass(frozen=True)
class SignedOtherwise:
    """A detail of an advisor that a signature has otherwise than the profile. `since` and `by` tell of the change.

    They are None and "" if the history of the profile does not say when the value changed.
    """

    field: str
    signed: str
    now: str
    since: datetime | None = None
    by: str = ""

    @property
    def in_words(self) -> str:
        """Return a sentence: what was signed, what the profile says since when, and who changed it."""
        values = {
            "field": label_of(self.field),
            "signed": f"“{self.signed}”" if self.signed else _("left empty"),
            "now": f"“{self.now}”" if self.now else _("nothing"),
            "day": times.day(self.since),
            "person": self.by,
        }
        if self.field in NOT_QUOTED and self.since:
            return _("%(field)s: changed by %(person)s on %(day)s; what was signed keeps the former one.") % values
        if self.field in NOT_QUOTED:
            return _("%(field)s: changed since; what was signed keeps the former one.") % values
        if self.since:
            return (
                _("%(field)s: signed as %(signed)s; the profile says %(now)s since %(day)s, changed by %(person)s.")
                % values
            )
        return _("%(field)s: signed as %(signed)s; the profile says %(now)s.") % values


def signed_otherwise(reviews: Iterable[Review]) -> dict[int, list[SignedOtherwise]]:
    """Return the details that advisors signed otherwise than their profiles say today, by primary key of the review.

    Reviews that have no signature or no such detail are left out, and so are advisors whose name was erased. A
    confirmed change of a name is no difference, because readers see the new name beside what was signed. The reviews
    need `advisor` and `signature__signed_name__shown_as` selected. Makes one query if something differs, else none.
    """
    differing = {review: found for review in reviews if (found := _differences(review))}
    versions = _versions({review.advisor_id for review in differing})
    return {
        review.pk: [
            SignedOtherwise(field, signed, now, *_change_to(now, field, versions.get(review.advisor_id, []), review))
            for field, (signed, now) in found.items()
        ]
        for review, found in differing.items()
    }


def _differences(review: Review) -> dict[str, tuple[str, str]]:
    """Return the signed and the present value of each detail that differs."""
    signature, advisor = getattr(review, "signature", None), review.advisor
    if signature is None or signature.signed_name.is_removed:
        return {}
    signed = {"name": signature.signed_name.shown, **{name: str(getattr(signature, name) or "") for name in DETAILS}}
    now = {name: str(getattr(advisor, name) or "") for name in signed}
    return {name: (value, now[name]) for name, value in signed.items() if value != now[name]}


def _versions(advisors: set[int]) -> dict[int, list[Any]]:
    """Return the newest versions of these profiles, at most MOST_VERSIONS of each, the newest first."""
    if not advisors:
        return {}
    place = Window(RowNumber(), partition_by="id", order_by=F("history_id").desc())
    rows = Advisor.history.filter(id__in=advisors).annotate(place=place).filter(place__lte=MOST_VERSIONS)
    found: dict[int, list[Any]] = {}
    for row in rows.select_related("history_user").defer("biography").order_by("-history_id"):
        found.setdefault(row.id, []).append(row)
    return found


def _change_to(now: str, field: str, versions: list[Any], review: Review) -> tuple[datetime | None, str]:
    """Return when the field got its present value, and who changed it, or (None, "") if the versions do not say."""
    newer = None
    for version in versions:
        if str(getattr(version, field) or "") != now:
            break
        newer = version
    else:
        newer = None  # the versions that were read do not reach back to the change
    if newer is None:
        return None, ""
    is_own = newer.history_user_id == review.advisor.user_id
    return newer.history_date, _("the advisor") if is_own else whoever(newer)
