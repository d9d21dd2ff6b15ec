"""Prove the promise from the raw rows of every table, for tests in which anything may happen.

On purpose, this module shares no code with the code that it watches. It reads the tables itself, computes the digest
itself, and calls neither visible() nor audit.integrity.
"""

import hashlib
import json
from collections import defaultdict
from datetime import UTC, datetime

from django.db import connection

from articles.models import Article
from tests.audit.chain_of_accounts import TABLES as OF_ACCOUNTS
from tests.audit.chain_of_accounts import Accounts
from tests.audit.chain_of_names import OF_THE_BOARD, TABLES, Names

CONTENT = (
    *("title", "standfirst", "key_messages", "body", "safety_note", "disclosure", "hero_image"),
    *("hero_alt", "hero_caption", "hero_credit", "search_description"),
)


def rows(table: str, order: str = "id") -> list[dict]:
    """Return every row of a table, with times as aware datetimes."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table} ORDER BY {order}")
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, map(_value, row), strict=True)) for row in cursor.fetchall()]


def _value(value: object) -> object:
    if isinstance(value, datetime) and value.tzinfo is None:
        return value.replace(tzinfo=UTC)
    return value


def _moment(value: object) -> datetime | None:
    """Return an aware datetime; SQLite returns times as text."""
    return datetime.fromisoformat(value).replace(tzinfo=UTC) if isinstance(value, str) else value


class Chain:
    """Check the rows as they are, and that no row that was seen before has changed."""

    # Tables that are written once. Their columns, except the named ones, stay as they were first seen.
    KEPT = {
        "articles_revision": (),
        "articles_citation": (),
        "articles_byline": (),
        "articles_approval": (),
        "articles_signatory": (),
        "articles_signedname": ("name", "salt", "shown_as_id", "erased_at"),
        "articles_namechange": (),
        "articles_namechangedecision": (),
        "articles_transition": (),
        "articles_submission": ("outcome", "closed_at", "due_on", "answers_until"),
        "articles_publication": ("ends_at", "notice", "cancelled_at", "reviewed_at", "has_started", "has_ended"),
        "advisors_disclosure": (),
        "advisors_disclosedanswer": (),
        "advisors_comment": (),
        "advisors_checklistanswer": (),
        "advisors_reviewstep": (),
        "advisors_signature": (),
        "advisors_vouch": (),
        "articles_submission_specialists": (),
        "articles_termschange": (),
        "articles_noticecorrection": (),
        "articles_termschange_specialists": (),
        **dict.fromkeys(OF_ACCOUNTS, ()),
    }
    # The columns of a review that never change once the verdict is given.
    GIVEN = ("advisor_id", "submission_id", "response", "conflict", "verdict", "digest", "remarks", "disclosure_id")

    def __init__(self) -> None:
        self.seen: dict[str, list[dict]] = {table: [] for table in self.KEPT}
        self.given: dict[int, tuple] = {}
        self.asked: set[int] = set()
        self.taken: dict[int, object] = {}  # when each verdict that was taken back was
        self.names = Names()
        self.accounts = Accounts()

    def publications(self) -> list[dict]:
        """Return the publications as of the last check."""
        return self.tables["articles_publication"] if self.seen["articles_publication"] else []

    def check(self, now: datetime) -> None:
        """Raise AssertionError if the promise is broken now."""
        self.tables = {table: rows(table) for table in self.KEPT}
        self.articles = rows("articles_article")
        self.reviews = rows("advisors_review")
        people = {table: rows(table) for table in (*TABLES, OF_THE_BOARD)}
        self.revisions = {row["id"]: row for row in self.tables["articles_revision"]}
        self.by_name = {row["id"]: row for row in self.tables["articles_signedname"]}
        self.approvals = {row["id"]: row for row in self.tables["articles_approval"]}
        self.reviewed = {
            row["revision_id"]: row["approved_at"]
            for row in sorted(self.tables["articles_approval"], key=lambda row: row["approved_at"])
        }
        self.submissions = {row["id"]: row for row in self.tables["articles_submission"]}
        for row in self.tables["articles_publication"]:
            row.update({name: _moment(row[name]) for name in ("starts_at", "ends_at", "cancelled_at")})
        self.upcoming = {
            row["article_id"]: row["starts_at"]
            for row in self.tables["articles_publication"]
            if row["cancelled_at"] is None and row["starts_at"] > now and not row["has_started"]
        }
        self._nothing_was_rewritten()
        self._a_text_that_is_read_stands_still(now)
        self._verdicts_stand()
        self._who_was_asked_had_disclosed()
        self.names.check(self, people)
        self.accounts.check(self, people)
        shown = defaultdict(list)
        for row in self.tables["articles_publication"]:
            if row["cancelled_at"] is None:
                self._no_overlap(row)
                self._was_approved(row)
                self._says_when_it_was_reviewed(row)
                is_over = row["has_ended"] or (row["ends_at"] is not None and row["ends_at"] <= now)
                if (row["has_started"] or row["starts_at"] <= now) and not is_over:
                    shown[row["article_id"]].append(row)
        for article in self.articles:
            assert len(shown[article["id"]]) <= 1, "two versions are shown at once"
            self._the_stage_fits(article, shown[article["id"]])
            self._the_diary_is_a_path(article)
        self.shown = {pk for pk, found in shown.items() if found}
        visible = set(Article.objects.visible().values_list("pk", flat=True))
        assert visible == self.shown, "visible() tells readers something else"

    def _nothing_was_rewritten(self) -> None:
        for table, changeable in self.KEPT.items():
            now = [{name: value for name, value in row.items() if name not in changeable} for row in self.tables[table]]
            before, self.seen[table] = self.seen[table], now
            # By key and not by position: if two are written at once, the one with the lower key may be seen later.
            kept = {row["id"]: row for row in now}
            assert all(kept.get(row["id"]) == row for row in before), (
                f"{table}: a row that was there has changed or gone"
            )

    def _a_text_that_is_read_stands_still(self, now: datetime) -> None:
        """Check that no newer revision exists while a round is open, or while somebody may still answer after a request
        for changes.
        """
        for row in self.tables["articles_submission"]:
            until = _moment(row["answers_until"])
            if row["outcome"] == "" or (until and now < until):
                numbers = [found["number"] for found in self._of("articles_revision", article_id=row["article_id"])]
                assert max(numbers) == self.revisions[row["revision_id"]]["number"], "a text was changed under review"
            assert until is None or row["outcome"] == "changes_requested", "answers are awaited after another outcome"

    def _says_when_it_was_reviewed(self, publication: dict) -> None:
        """Check that the time of the last review is that of the newest approval of the words that are shown."""
        revision = self.approvals[publication["approval_id"]]["revision_id"]
        if not publication["notice"]:
            assert publication["reviewed_at"] == self.reviewed[revision], "it says another time of its last review"

    def _verdicts_stand(self) -> None:
        """Check that each review belongs to one advisor and one round, and never changes once its verdict is given.

        Only a verdict that counted for nothing, because it was taken back before the decision, leaves room for another.
        """
        asked = [(row["submission_id"], row["advisor_id"]) for row in self.reviews if row["taken_back_at"] is None]
        assert len(set(asked)) == len(asked), "somebody was asked twice in a round"
        taken = {row["id"]: row["taken_back_at"] for row in self.reviews if row["taken_back_at"]}
        assert self.taken == {pk: taken.get(pk) for pk in self.taken}, "a verdict was taken back twice"
        for pk in taken.keys() - self.taken.keys():
            row = next(review for review in self.reviews if review["id"] == pk)
            assert row["verdict"], "taken back without a verdict"
            closed_at = _moment(self.submissions[row["submission_id"]]["closed_at"])
            assert closed_at is None or closed_at >= _moment(row["taken_back_at"]), "taken back after the decision"
            entries = self._of("articles_transition", verb="take_back_verdict", at=row["taken_back_at"])
            assert entries, "a verdict was taken back and the log does not say so"
        self.taken = taken
        now = {review["id"]: tuple(review[name] for name in self.GIVEN) for review in self.reviews if review["verdict"]}
        before, self.given = self.given, now
        assert now == {**now, **before}, "a verdict that was given has changed or gone"
        for review in self.reviews:
            if review["verdict"]:
                assert review["response"] == "accepted" and review["conflict"], "a verdict without what comes before it"

    def _who_was_asked_had_disclosed(self) -> None:
        """Check that each advisor who was asked since the last check had a valid yearly disclosure on that day."""
        new = [review for review in self.reviews if review["id"] not in self.asked]
        self.asked |= {review["id"] for review in new}
        for review in new:
            assert any(
                str(row["valid_until"]) >= str(review["invited_at"])[:10]
                for row in self._of("advisors_disclosure", advisor_id=review["advisor_id"])
            ), "somebody was asked whose disclosure had lapsed"

    def _of(self, table: str, **values: object) -> list[dict]:
        return [row for row in self.tables[table] if all(row[name] == value for name, value in values.items())]

    def _no_overlap(self, one: dict) -> None:
        for other in self._of("articles_publication", article_id=one["article_id"], cancelled_at=None):
            if other["id"] != one["id"]:
                apart = (one["ends_at"] and one["ends_at"] <= other["starts_at"]) or (
                    other["ends_at"] and other["ends_at"] <= one["starts_at"]
                )
                assert apart, f"publications {one['id']} and {other['id']} overlap"

    def _was_approved(self, publication: dict) -> None:
        """Check that a full quorum of different people, without a conflict and not the text's authors, approved these
        exact words.
        """
        approval = self.approvals[publication["approval_id"]]
        revision = self.revisions[approval["revision_id"]]
        submission = self.submissions[approval["submission_id"]]
        assert publication["article_id"] == revision["article_id"] == submission["article_id"]
        assert submission["revision_id"] == revision["id"]
        assert submission["outcome"] == "approved"
        signatories = self._of("articles_signatory", approval_id=approval["id"])
        digests = {revision["digest"], approval["digest"], *(row["digest"] for row in signatories)}
        assert digests == {self._digest(revision)}, "somebody approved other words than these"
        people = {row["user_id"] for row in signatories}
        changes = self._of("articles_termschange", submission_id=submission["id"])
        needed = max(changes, key=lambda row: row["id"])["quorum"] if changes else submission["quorum"]
        assert len(people) == len(signatories) >= needed >= 2
        for row in changes:
            entries = self._of("articles_transition", verb="change_terms", at=row["changed_at"])
            assert [entry["quorum"] for entry in entries] == [row["quorum"]], "terms changed without an entry"
            assert row["reason"], "terms changed without a reason"
            assert _moment(row["changed_at"]) <= _moment(submission["closed_at"]), "terms changed after the decision"
        assert not people & self._people_of(revision), "somebody approved their own text"
        accounts = {row["review_id"]: row["account_id"] for row in self.tables["advisors_signature"]}
        behind = {
            accounts[review["id"]]
            for review in self.reviews
            if review["submission_id"] == submission["id"]
            and review["response"] == "accepted"
            and review["conflict"] == "none"
            and review["verdict"] == "approve"
            and review["digest"] == revision["digest"]
            and review["taken_back_at"] is None
        }
        assert people <= behind, "somebody signed without an approving verdict free of conflicts"

    def _people_of(self, revision: dict) -> set[int]:
        article = next(row for row in self.articles if row["id"] == revision["article_id"])
        earlier = [
            row
            for row in self._of("articles_revision", article_id=article["id"])
            if row["number"] <= revision["number"]
        ]
        bylines = [
            row["account_id"]
            for row in self.tables["articles_byline"]
            if row["revision_id"] in {row["id"] for row in earlier}
        ]
        return {article["created_by_id"], *(row["created_by_id"] for row in earlier), *bylines} - {None}

    def _digest(self, revision: dict) -> str:
        named = {
            "version": 1,
            "content": {name: revision[name] for name in CONTENT if revision[name]},
            "citations": [
                [
                    *(row[name] for name in ("number", "key", "reference", "link", "evidence", "archived_url")),
                    str(row["archived_on"] or ""),
                ]
                for row in sorted(
                    self._of("articles_citation", revision_id=revision["id"]), key=lambda row: row["number"]
                )
            ],
            "byline": [
                [self.by_name[row["signed_name_id"]]["commitment"], row["credentials"]]
                for row in sorted(
                    self._of("articles_byline", revision_id=revision["id"]), key=lambda row: row["position"]
                )
            ],
        }
        text = json.dumps(named, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    def _the_stage_fits(self, article: dict, shown: list[dict]) -> None:
        stage = article["stage"]
        newest = max(self._of("articles_revision", article_id=article["id"]), key=lambda row: row["number"])
        open_ones = self._of("articles_submission", article_id=article["id"], outcome="")
        assert len(open_ones) == (stage == "in_review"), f"{len(open_ones)} open submissions at the stage {stage}"
        if open_ones:
            assert open_ones[0]["revision_id"] == newest["id"], "the board reads what is no longer the newest"
        approved = self._of("articles_approval", revision_id=newest["id"])
        if stage in ("approved", "published", "withdrawn"):
            assert approved, f"{stage}, and the newest revision is not"
        if stage == "published":
            approvals = {row["id"] for row in approved}
            ours = self._of("articles_publication", article_id=article["id"], cancelled_at=None)
            last = max(ours, key=lambda row: row["starts_at"], default=None)
            assert last and last["approval_id"] in approvals, "published, and what is in force is another revision"
            assert last["notice"] == "", "published, and withdrawn"
        if stage in ("approved", "withdrawn"):
            ours = self._of("articles_publication", article_id=article["id"], cancelled_at=None)
            last = max(ours, key=lambda row: row["starts_at"], default=None)
            if stage == "withdrawn":
                assert last and last["notice"], "withdrawn, and readers find no notice"
            elif last and last["notice"]:
                revision = self.approvals[last["approval_id"]]["revision_id"]
                assert revision != newest["id"], "approved, and withdrawn"
        for publication in shown:
            revision = self.approvals[publication["approval_id"]]["revision_id"]
            if stage == "published" and revision != newest["id"]:
                # Scheduled: the earlier version stays until the newest begins, or until its own end if that is earlier.
                is_scheduled = publication["ends_at"] and publication["ends_at"] <= last["starts_at"]
                assert is_scheduled, "readers see an earlier version than the published one"

    def _the_diary_is_a_path(self, article: dict) -> None:
        stage = "draft"
        for transition in self._of("articles_transition", article_id=article["id"]):
            assert transition["from_stage"] == stage, "the diary jumps"
            stage = transition["to_stage"]
        assert article["stage"] == stage, "the stage is not where the diary ends"
