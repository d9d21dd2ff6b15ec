"""A revision and a verdict with every field filled, and their digests.

Only a new VERSION of a canonical form may change these digests: revisions and signatures that are stored have them.
"""

from datetime import UTC, date, datetime

from advisors.models import ChecklistAnswer, Comment, Review, Signature
from advisors.quorum.given import Given
from articles.models import Byline, Citation, SignedName, Submission, Waiver
from articles.names.commitments import commitment

OF_THE_REVISION = "6530e1d922a2721bd027c384588eed33968fcda7b435498642203b140ecbe99b"
OF_THE_VERDICT = "7310ab71a39811af82fe8cdb700e9a35b90b7ed830f45a66974d2e9b2be70f33"

NOON = datetime(2026, 11, 29, 12, 0, 0, 250, tzinfo=UTC)


def content() -> dict[str, str]:
    """Return a value for every content field."""
    return {
        "title": "Magnésium & sleep",
        "standfirst": "What trials “have” measured.",
        "key_messages": "Sleep was longer.\nNot by much.",
        "body": '<h2>Trials</h2><p>17 minutes.<sup data-cite="doe2020 roe2021"></sup></p>',
        "safety_note": "<p>Not with antibiotics.</p>",
        "disclosure": "We sell magnesium.",
        "hero_image": f"pictures/{'a' * 64}.png",
        "hero_alt": "Teal",
        "hero_caption": "A colour",
        "hero_credit": "Our own",
        "search_description": "What magnesium does to sleep.",
    }


def citations() -> list[Citation]:
    """Return two citations with a value in every column."""
    return [
        Citation(
            number=place,
            key=key,
            reference=f"<em>{key}</em>",
            link=f"https://example.org/{key}",
            evidence="randomised_trial",
            archived_url=f"https://archive.example/{key}",
            archived_on=date(2026, 3, place),
        )
        for place, key in ((1, "doe2020"), (2, "roe2021"))
    ]


def bylines() -> list[Byline]:
    """Return two bylines with a value in every column."""
    return [
        Byline(position=place, signed_name=SignedName(commitment=commitment(f"{place}" * 32, name)), credentials=title)
        for place, name, title in ((0, "Wanda Writer", "MSc"), (1, "Otto Other", "RD"))
    ]


def given() -> Given:
    """Return a verdict with everything that can be given with one."""
    return Given(
        Review(
            advisor_id=3,
            disclosure_id=4,
            conflict="declared",
            conflict_statement="A grant.",
            verdict="approve",
            verdict_at=NOON,
            digest="b" * 64,
            remarks="Well weighed.",
            remarks_shown="signed",
        ),
        Submission(
            article_id=1,
            revision_id=2,
            submitted_at=NOON,
            submitted_by_id=5,
            reason="new_text",
            note="Please look at the doses.",
            quorum=2,
        ),
        Signature(account_id=6, means="passkey"),
        [8, 7],
        [
            ChecklistAnswer(item_id=item, question=f"Question {item}?", was_required=False, answer="no", words="Why.")
            for item in (1, 2)
        ],
        [
            Comment(
                pk=key,
                parent_id=None if key == 1 else 1,
                written_by_id=6,
                written_at=NOON,
                passage="17 minutes",
                block=1,
                start=4,
                text=f"Comment {key}",
                suggestion="about 17 minutes",
            )
            for key in (1, 2)
        ],
        [
            Waiver(
                pk=key,
                made_by_id=5,
                made_at=NOON,
                check_id="CLM01",
                mark="c" * 64,
                passage="minutes",
                reason="It stands.",
                until=date(2027, 1, key),
            )
            for key in (1, 2)
        ],
        ["2026-11-01T00:00:00.000000+00:00", "2027-11-01", [["fees", "None.", [1], [2]]]],
    )
