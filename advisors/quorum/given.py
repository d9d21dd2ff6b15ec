"""The digest of everything that an advisor gave with a verdict, and of what they had read. Pure.

A signature stores it, so that neither a remark nor an answer, a comment, the terms of the round or an answer to a
warning can be changed or removed afterwards without a trace. Names, credentials and addresses are not covered: the
signature stores them beside it, and they are checked separately.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from advisors.models import ChecklistAnswer, Comment, DisclosedAnswer, Disclosure, Review, Signature
from articles.models import Submission, Waiver

DOMAIN = "betterment given v1"
VERSION = 1  # of the canonical form; raise it when an existing verdict would get other bytes


@dataclass(frozen=True)
class Given:
    """A verdict with what belongs to it. `specialists` are the primary keys of the topics that needed a specialist.

    `disclosed` is the advisor's standing disclosure as the function `disclosed` returns it.
    """

    review: Review
    submission: Submission
    signature: Signature
    specialists: Iterable[int]
    answers: Iterable[ChecklistAnswer]
    comments: Iterable[Comment]
    waivers: Iterable[Waiver]
    disclosed: list[object] = field(default_factory=list)


def canonical(given: Given) -> bytes:
    """Return the verdict in one unambiguous form: JSON (RFC 8259) in UTF-8, keys sorted, without white space.

    Times are in UTC with microseconds, and lists are in the order of the primary keys.
    """
    review, submission = given.review, given.submission
    form = {
        "version": VERSION,
        "round": [
            submission.article_id,
            submission.revision_id,
            _time(submission.submitted_at),
            submission.submitted_by_id,
            submission.reason,
            submission.note,
            submission.quorum,
            sorted(given.specialists),
        ],
        "signed": [given.signature.account_id, given.signature.means],
        "verdict": [
            review.advisor_id,
            review.disclosure_id,
            review.conflict,
            review.conflict_statement,
            review.verdict,
            _time(review.verdict_at),
            review.digest,
            review.remarks,
            review.remarks_shown,
        ],
        "disclosure": given.disclosed,
        "answers": [
            [row.item_id, row.question, row.was_required, row.answer, row.words]
            for row in sorted(given.answers, key=lambda row: row.item_id)
        ],
        "comments": [
            [
                row.pk,
                row.parent_id,
                row.written_by_id,
                _time(row.written_at),
                row.passage,
                row.block,
                row.start,
                row.text,
                row.suggestion,
            ]
            for row in sorted(given.comments, key=lambda row: row.pk)
        ],
        "waivers": [
            [
                row.pk,
                row.made_by_id,
                _time(row.made_at),
                row.check_id,
                row.mark,
                row.passage,
                row.reason,
                str(row.until or ""),
            ]
            for row in sorted(given.waivers, key=lambda row: row.pk)
        ],
    }
    return json.dumps(form, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def digest(given: Given) -> str:
    """Return the SHA-256 (FIPS 180-4) of the canonical form as 64 lower-case hex digits."""
    return hashlib.sha256(canonical(given)).hexdigest()


def committed(signature: Signature) -> str:
    """Return the commitment to a signature's digest that the sealed log holds, as 64 lower-case hex digits.

    It is SHA-256 over DOMAIN, the salt of the signature and its digest, on three lines. Without the salt, nobody can
    test guesses at an advisor's answers against it; with the salt, it proves that they were not changed.
    """
    return hashlib.sha256("\n".join([DOMAIN, signature.salt, signature.given_digest]).encode()).hexdigest()


def disclosed(disclosure: Disclosure | None) -> list[object]:
    """Return a disclosure in the form that a verdict covers: its times, and the answers with topics and products.

    Return [] for None.
    """
    if disclosure is None:
        return []
    answers = sorted(disclosure.answers.all(), key=lambda row: row.question)
    return [_time(disclosure.made_at), str(disclosure.valid_until), [_answer(row) for row in answers]]


def _answer(row: DisclosedAnswer) -> list[object]:
    named = (row.topics.all(), row.products.all())
    return [row.question, row.statement, *(sorted(one.pk for one in rows) for rows in named)]


def _time(at: datetime | None) -> str:
    return "" if at is None else at.astimezone(UTC).isoformat(timespec="microseconds")
