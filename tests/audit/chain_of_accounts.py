"""Prove from the raw rows that accounts move by confirmed corrections alone, and that people count once.

It shares no code with what it watches. `check` has to be called after each step of a test.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.audit.chain import Chain

TABLES = ("advisors_accountcorrection", "advisors_correctionoutcome", "articles_persondecision")


class Accounts:
    """The accounts and addresses as they were seen at the last check."""

    def __init__(self) -> None:
        self.before: dict[str, dict[int, object]] = {}
        self.approved: set[int] | None = None

    def check(self, chain: "Chain", people: dict[str, list[dict]]) -> None:
        """Raise AssertionError if something bound has moved by itself. `people` are rows as for `Names.check`."""
        self.chain, self.tables = chain, chain.tables
        advisor_of = {row["id"]: row["advisor_id"] for row in chain.reviews}
        signatures = self.tables["advisors_signature"]
        signed = {advisor_of[row["review_id"]] for row in signatures}
        now = {
            "advisor": {row["id"]: row["user_id"] for row in people["advisors_advisor"]},
            "author": {row["id"]: row["user_id"] for row in people["articles_author"]},
            "address": {row["id"]: row["email"] for row in people["accounts_user"]},
        }
        bound = {
            "advisor": signed,
            "author": {row["author_id"] for row in self.tables["articles_byline"] if row["account_id"]},
            "address": {row["account_id"] for row in signatures} | {now["advisor"][advisor] for advisor in signed},
        }
        for kind, values in now.items():
            for key, value in values.items():
                was = self.before.get(kind, {}).get(key, value)
                if was is not None and was != value and key in bound[kind]:
                    self._was_corrected(kind, key, was, value)
        self.before = now
        self._people_approved_once(people["articles_author"])

    def _was_corrected(self, kind: str, key: int, was: object, value: object) -> None:
        """Check that the newest confirmed correction of this kind makes this change, and took two people."""
        column = {"advisor": "advisor_id", "author": "author_id", "address": "old_account_id"}[kind]
        ended = {
            row["correction_id"]: row
            for row in self.tables["advisors_correctionoutcome"]
            if row["ended"] in ("by_link", "by_admin")
        }
        own = [
            row
            for row in self.tables["advisors_accountcorrection"]
            if row["corrected"] == kind and row[column] == key and row["id"] in ended
        ]
        assert own, f"an {kind} has moved without a correction"
        last = max(own, key=lambda row: ended[row["id"]]["id"])
        what = "address" if kind == "address" else "account_id"
        assert (last[f"old_{what}"], last[f"new_{what}"]) == (was, value), "moved otherwise than was confirmed"
        involved = (last["asked_by_id"], last["old_account_id"], last["new_account_id"])
        assert ended[last["id"]]["by_id"] not in involved, "confirmed by somebody who is involved"

    def _people_approved_once(self, authors: list[dict]) -> None:
        """Check that behind each new approval stand different people, none of whom wrote the text."""
        approvals = self.tables["articles_approval"]
        seen, self.approved = self.approved, {row["id"] for row in approvals}
        for approval in approvals:
            if seen is None or approval["id"] in seen:
                continue
            signers = [
                row["user_id"] for row in self.tables["articles_signatory"] if row["approval_id"] == approval["id"]
            ]
            groups = [self._person(account, authors) for account in signers]
            assert len({min(group) for group in groups}) == len(signers), "one person approved by two accounts"
            wrote = self._wrote(self.chain.revisions[approval["revision_id"]])
            assert not any(group & wrote for group in groups), "somebody approved their own text by another account"

    def _person(self, account: int, authors: list[dict]) -> set[int]:
        """Return the accounts of the person with this account, and their authors as negative keys."""
        newest = {row["pair"]: row for row in self.tables["articles_persondecision"]}
        pairs = [
            (row["first_account_id"] or -row["first_author_id"], row["second_account_id"] or -row["second_author_id"])
            for row in newest.values()
            if row["is_same"]
        ]
        pairs += [(-row["id"], row["user_id"]) for row in authors if row["user_id"]]
        found = {account}
        while joined := {side for pair in pairs if found & set(pair) for side in pair} - found:
            found |= joined
        return found

    def _wrote(self, revision: dict) -> set[int]:
        article = next(row for row in self.chain.articles if row["id"] == revision["article_id"])
        earlier = {
            row["id"]: row["created_by_id"]
            for row in self.tables["articles_revision"]
            if row["article_id"] == article["id"] and row["number"] <= revision["number"]
        }
        named = [row for row in self.tables["articles_byline"] if row["revision_id"] in earlier]
        wrote = {article["created_by_id"], *earlier.values(), *(row["account_id"] for row in named)} - {None}
        return wrote | {-row["author_id"] for row in named}
