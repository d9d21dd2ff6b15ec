"""Prove from the raw rows that the names on a page are those of the people who approved it.

What a new row says is compared with the profiles and accounts as they stand at that moment. So `check` has to be called
after each step of a test, before anything else changes.
"""

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.audit.chain import Chain

DETAILS = ("credentials", "job_title", "affiliation", "disclosure", "photo")
TABLES = ("accounts_user", "advisors_advisor", "articles_author", "articles_topic", "articles_article_topics")
OF_THE_BOARD = "advisors_advisor_specialties"


class Names:
    """What was seen so far of the signatures, bylines, rounds and approvals."""

    def __init__(self) -> None:
        self.seen: dict[str, set[int]] = {}

    def check(self, chain: "Chain", rows: dict[str, list[dict]]) -> None:
        """Raise AssertionError if a name is not its owner's. `rows` are those of TABLES and OF_THE_BOARD."""
        self.chain, self.rows = chain, rows
        self.by_key = {table: {row["id"]: row for row in found} for table, found in rows.items()}
        self.reviews = {row["id"]: row for row in chain.reviews}
        for name in chain.by_name.values():
            if name["erased_at"] is None:
                told = f"betterment name v1\n{name['salt']}\n{name['name']}"
                assert name["commitment"] == hashlib.sha256(told.encode()).hexdigest(), (
                    "a name that is not the signed one"
                )
        self._changed_as_confirmed()
        for row in self._new("articles_byline"):
            author = self.by_key["articles_author"][row["author_id"]]
            assert row["account_id"] == author["user_id"], "a byline with another account than its author's"
            name = self.chain.by_name[row["signed_name_id"]]
            assert name["name"] == author["name"], "a byline with another name than its author's"
            assert name["account_id"] == row["account_id"]
            assert name["author_id"] in (None, row["author_id"])
        for row in self._new("advisors_signature"):
            self._signed_by_its_owner(row)
        for row in self._new("articles_submission"):
            self._on_the_terms_of_its_topics(row)
        for row in self._new("articles_approval"):
            self._approved_by_the_board(row)
        for review in chain.reviews:
            signed = [row for row in chain.tables["advisors_signature"] if row["review_id"] == review["id"]]
            assert len(signed) == bool(review["verdict"]), "a verdict without its signature, or the reverse"

    def _new(self, table: str) -> list[dict]:
        """Return the rows of a table that were not there at the last check."""
        now = self.chain.tables[table]
        before, self.seen[table] = self.seen.get(table), {row["id"] for row in now}
        return [] if before is None else [row for row in now if row["id"] not in before]

    def _changed_as_confirmed(self) -> None:
        """Check that each name is shown as itself, or as the last of the names to which confirmed changes lead."""
        confirmed = {
            row["change_id"] for row in self.chain.tables["articles_namechangedecision"] if row["is_confirmed"]
        }
        leads = {
            row["before_id"]: row["after_id"]
            for row in self.chain.tables["articles_namechange"]
            if row["id"] in confirmed
        }
        for name in self.chain.by_name.values():
            last = name["id"]
            while last in leads:
                last = leads[last]
            assert name["shown_as_id"] == (None if last == name["id"] else last), "shown under an unconfirmed name"

    def _signed_by_its_owner(self, signature: dict) -> None:
        advisor = self.by_key["advisors_advisor"][self.reviews[signature["review_id"]]["advisor_id"]]
        account = self.by_key["accounts_user"][signature["account_id"]]
        assert advisor["user_id"] == signature["account_id"], "signed with an account that is not the advisor's"
        assert account["email"] == signature["account_email"]
        name = self.chain.by_name[signature["signed_name_id"]]
        assert (name["name"], name["account_id"]) == (advisor["name"], account["id"]), "signed with another name"
        for name in DETAILS:
            assert signature[name] == advisor[name], f"signed with another {name} than the advisor had"

    def _on_the_terms_of_its_topics(self, submission: dict) -> None:
        topics = {
            row["topic_id"]
            for row in self.rows["articles_article_topics"]
            if row["article_id"] == submission["article_id"]
        }
        rules = [row for row in self.rows["articles_topic"] if row["id"] in topics]
        frozen = self.chain.tables["articles_submission_specialists"]
        named = {row["topic_id"] for row in frozen if row["submission_id"] == submission["id"]}
        assert named == {row["id"] for row in rules if row["needs_specialist"]}, "a round on other terms"
        assert submission["quorum"] == max([2, *(row["review_quorum"] or 0 for row in rules)])

    def _approved_by_the_board(self, approval: dict) -> None:
        """Check that each signatory was on the board, known to somebody, and named as they signed."""
        signed = {
            row["account_id"]: row
            for row in self.chain.tables["advisors_signature"]
            if self.reviews[row["review_id"]]["submission_id"] == approval["submission_id"]
            and self.reviews[row["review_id"]]["taken_back_at"] is None
        }
        board = set()
        for signatory in self.chain.tables["articles_signatory"]:
            if signatory["approval_id"] != approval["id"]:
                continue
            signature = signed[signatory["user_id"]]
            advisor = self.by_key["advisors_advisor"][self.reviews[signature["review_id"]]["advisor_id"]]
            board.add(advisor["id"])
            for name in ("signed_name_id", *DETAILS):
                assert signatory[name] == signature[name], f"the page shows another {name} than was signed"
            assert advisor["is_active"] and self.by_key["accounts_user"][signatory["user_id"]]["is_active"]
            assert advisor["user_id"] == signatory["user_id"]
            vouches = [
                row
                for row in self.chain.tables["advisors_vouch"]
                if (row["advisor_id"], row["account_id"]) == (advisor["id"], signatory["user_id"])
                and row["address"] == signature["account_email"]
                and row["signed_name_id"] == signature["signed_name_id"]
            ]
            assert vouches, "nobody vouched for somebody who signed"
            assert all(row["vouched_by_id"] not in (advisor["added_by_id"], advisor["user_id"]) for row in vouches)
        for row in self._specialists_needed(approval["submission_id"]):
            has = {one["advisor_id"] for one in self.rows[OF_THE_BOARD] if one["topic_id"] == row["topic_id"]}
            assert has & board, "approved without the specialist that the round needed"

    def _specialists_needed(self, submission: int) -> list[dict]:
        """Return the rows of the topics that need a specialist by the newest change of terms, or by the submission."""
        tables = self.chain.tables
        changes = [row["id"] for row in tables["articles_termschange"] if row["submission_id"] == submission]
        if not changes:
            rows = tables["articles_submission_specialists"]
            return [row for row in rows if row["submission_id"] == submission]
        rows = tables["articles_termschange_specialists"]
        return [row for row in rows if row["termschange_id"] == max(changes)]
