"""From the second round on: what has changed since the revision that an advisor last approved, or else last read."""

from dataclasses import dataclass

from advisors.models import Response, Review, Verdict
from articles.comparison import Comparison
from articles.comparison.marking import Sides, words
from articles.comparison.revisions import label, version_of
from articles.comparison.showing import merged
from articles.comparison.versions import compare
from articles.models import Revision


@dataclass(frozen=True)
class Before:
    """The review of an earlier round with which this one is compared."""

    review: Review

    @property
    def revision(self) -> Revision:
        return self.review.submission.revision

    @property
    def was_approved(self) -> bool:
        return self.review.verdict == Verdict.APPROVE


def before(review: Review) -> Before | None:
    """The advisor's last approval of this article in an earlier round, else the last text that they took on."""
    earlier = (
        Review.objects.filter(
            advisor=review.advisor_id,
            submission__article=review.submission.article_id,
            submission__lt=review.submission_id,
            response=Response.ACCEPTED,
        )
        .select_related("submission__revision")
        .prefetch_related("ticks", "submission__revision__citations", "submission__revision__bylines")
        .order_by("-submission")
    )
    found = list(earlier)
    chosen = next((row for row in found if row.verdict == Verdict.APPROVE), found[0] if found else None)
    return Before(chosen) if chosen else None


def shown(old: Revision, new: Revision) -> dict[str, object]:
    """A comparison for the page: by field, with unchanged passages folded."""
    versions = version_of(old), version_of(new)
    comparison: Comparison = compare(*versions)
    names = Sides(f"Revision {old.number}", f"Revision {new.number}")
    return {
        "comparison": comparison,
        "shown": [
            {"name": change.name, "label": label(change.name), "change": change, "html": merged(change, names)}
            for change in comparison.fields
        ],
        "fields": ", ".join(label(change.name) for change in comparison.fields),
        "sources_added": [(key, versions[1].sources[key]) for key in comparison.sources_added],
        "sources_removed": [(key, versions[0].sources[key]) for key in comparison.sources_removed],
        "sources_changed": [(row.key, words(row.segments)) for row in comparison.sources_changed],
    }
