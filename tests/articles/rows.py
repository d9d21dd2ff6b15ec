"""Rows of the approval chain written by hand, bypassing the functions and models, to test what the database refuses."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils import timezone

from advisors.models import Advisor, Conflict, Response, Review, Verdict
from advisors.quorum import signatures
from articles.models import Approval, Article, Publication, Signatory, SignedName, Submission
from tests import newsroom


@contextmanager
def refused(match: str | None = None) -> Iterator[None]:
    """Context manager: assert that the block fails with an IntegrityError that matches, in a savepoint of its own."""
    with pytest.raises(IntegrityError, match=match), transaction.atomic():
        yield


def copy_of(row: Model, **changes: object) -> Model:
    """Save and return a copy of the row as a new one, bypassing every rule in Python."""
    fields = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields if field.name != "id"}
    return type(row)(**{**fields, **changes})


def insert(row: Model) -> None:
    type(row).objects.bulk_create([row])


def submission(article: Article, **changes: object) -> Submission:
    revision = changes.pop("revision", None) or article.head()
    return Submission(
        **{
            "article": article,
            "revision": revision,
            "submitted_by": article.created_by,
            "submitted_by_name": "Writer",
            "submitted_at": timezone.now(),
            "due_on": timezone.localdate(),
            "quorum": 2,
            **changes,
        }
    )


def publication(article: Article, approval: Approval | None, **changes: object) -> Publication:
    now = timezone.now()
    return Publication(
        **{
            "article": article,
            "approval": approval,
            "starts_at": now,
            "published_by": article.created_by,
            "published_by_name": "Writer",
            "created_at": now,
            "published_as": article.slug,
            **changes,
        }
    )


def bare_approval(cast: newsroom.Cast, quorum: int = 2) -> Approval:
    """Insert and return an approval of an open submission without signatories."""
    article = newsroom.draft(cast)
    opened = submission(article, quorum=quorum)
    opened.save()
    revision = opened.revision
    return Approval.objects.create(
        submission=opened, revision=revision, digest=revision.digest, approved_at=timezone.now()
    )


def sign(approval: Approval, advisor: Advisor, **changes: object) -> None:
    """Insert the signatory of an advisor's verdict, or of one that does not exist, with these changes."""
    given = Review.objects.filter(submission=approval.submission_id, advisor=advisor).exclude(verdict="").first()
    shown = ("credentials", "job_title", "affiliation", "disclosure")
    insert(
        Signatory(
            **{
                "approval": approval,
                "user": advisor.user,
                "position": 0,
                "digest": approval.digest,
                "signed_at": given.verdict_at if given else timezone.now(),
                "signed_name": SignedName.objects.stored(advisor),
                **{name: getattr(advisor, name) for name in shown},
                **changes,
            }
        )
    )


def review(approval: Approval, advisor: Advisor, **changes: object) -> Review:
    """Insert a review, sign it, give the approving verdict, and return the review."""
    now = timezone.now()
    row = Review(
        submission=approval.submission,
        advisor=advisor,
        advisor_name=advisor.name,
        invited_by=approval.submission.submitted_by,
        response=Response.ACCEPTED,
        responded_at=now,
    )
    insert(row)
    given = {"conflict": Conflict.NONE, "verdict": Verdict.APPROVE, "verdict_at": now, "digest": approval.digest}
    for name, value in (given | changes).items():
        setattr(row, name, value)
    signatures.sign(review=row, authentication=newsroom.SIGNED_IN)
    Review.objects.filter(pk=row.pk).update(**{**given, **changes})
    row.refresh_from_db()
    return row
