"""The history of one generated article: the same rows that the functions of the workflow would have written."""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta

from accounts.sessions import Means
from advisors.models import ChecklistAnswer, Comment, PanelMember, Review, Signature, Ticked, Verdict
from advisors.quorum.given import Given
from advisors.quorum.given import digest as given_digest
from articles.models import (
    Approval,
    Article,
    ArticleSource,
    Authorship,
    Byline,
    ChangeKind,
    Citation,
    Publication,
    Reason,
    Rendering,
    Revision,
    SearchDraft,
    SearchEntry,
    Signatory,
    Stage,
    Submission,
    Transition,
)
from articles.rendering import RENDERER
from demo.archive.histories import DAY, QUORUM, TO_THE_VERDICT, YEARS, Histories, Round, story
from demo.archive.texts import GeneratedArticle, GeneratedVersion
from demo.archive.words import sentence


class ArticleHistory:
    """Generates the rows of one article from its first save to today."""

    def __init__(self, histories: Histories, text: GeneratedArticle) -> None:
        self.all, self.text, self.people = histories, text, histories.people
        self.what, self.versions = story(histories.seed, text.number)
        self.dice = random.Random(f"{histories.seed}/history/{text.number}")
        self.writer = self.people.writers[text.number % len(self.people.writers)]
        self.board = self.dice.sample(range(len(self.people.board)), QUORUM)
        self.round = 0
        self.log: list[dict] = []
        self.shown: list[dict] = []
        self.at_stage = Stage.DRAFT
        self.article = histories.tables[Article].next_key

    def add_rows(self) -> None:
        """Add all rows of the article to the tables."""
        begun = self.all.today - timedelta(days=self.dice.uniform(30 + 14 * self.versions, YEARS * 365))
        read_first = 1 if self.what in ("edited", "again") else self.versions
        # The versions are saved at equal intervals, all of them in the past.
        length = (self.all.today - begun - 30 * DAY) / self.versions
        revisions, starts = [], []
        for place, version in enumerate(self.text.versions):
            starts.append(begun + place * length)
            revisions.append(self._revision(place + 1, version, starts[place]))
        self._article(begun, starts[-1])
        if self.what == "draft":
            self.at_stage = Stage.DRAFT
        else:
            for place in range(read_first):
                self._read(place, revisions[place], starts[place])
            self._afterwards(revisions, starts)
        self._write(revisions)

    def _read(self, place: int, revision: int, begun: datetime) -> None:
        """Add the review of the version with the index `place` and, unless the history ends before, its publication."""
        if place:
            self._move("revise", begun, Stage.DRAFT, revision)
        digest = self.text.versions[place].digest
        if self.what in ("in_review", "changes_requested"):
            self._before_the_board(revision, digest, self.all.today - 10 * DAY, self.what)
            return
        submitted = self.all.today - 20 * DAY if self.what in ("approved", "scheduled") else begun + DAY
        approval, at = self._before_the_board(revision, digest, submitted, "approved")
        if self.what == "approved":
            return
        ahead = self.all.today + timedelta(days=self.dice.uniform(1, 90))
        starts_at = ahead if self.what == "scheduled" else at + DAY / 2
        if self.shown:
            self.shown[-1]["ends_at"] = starts_at
        kind = ChangeKind.FIRST if not place else self.dice.choice((ChangeKind.UPDATE, ChangeKind.CORRECTION))
        note, verb = sentence(self.dice) if place else "", "schedule" if self.what == "scheduled" else "publish"
        self.shown.append(
            {
                "approval_id": approval,
                "starts_at": starts_at,
                "kind": kind,
                "change_note": note,
                "created_at": self._move(verb, at + DAY / 2, Stage.PUBLISHED, revision, note),
                "revision": revision,
                "digest": digest,
                "approved_at": at,
            }
        )

    def _afterwards(self, revisions: Sequence[int], starts: Sequence[datetime]) -> None:
        """Add the events after the publication: a renewed review, a withdrawal, an expiry, or a newer revision."""
        if not self.shown or self.what == "scheduled":
            return
        last = self.shown[-1]
        if self.what in ("withdrawn", "expired"):
            ends_at = last["starts_at"] + (self.all.today - last["starts_at"]) * self.dice.uniform(0.3, 0.9)
            last["ends_at"] = ends_at
            if self.what == "withdrawn":
                last["notice"], last["has_started"], last["has_ended"] = sentence(self.dice), True, True
                self._move("withdraw", ends_at, Stage.WITHDRAWN, last["revision"], last["notice"])
            else:
                last["expires_at"] = ends_at
            return
        if self.what == "published" and self.all.today - last["approved_at"] > 330 * DAY and self.dice.random() < 0.96:
            asked = self.all.today - timedelta(days=self.dice.uniform(20, 320))
            self._before_the_board(last["revision"], last["digest"], asked, "approved", Reason.RENEWAL)
        if self.what in ("edited", "again"):
            self._move("revise", starts[-1], Stage.DRAFT, revisions[-1])
        if self.what == "again":
            self._before_the_board(revisions[-1], self.text.versions[-1].digest, self.all.today - 9 * DAY, "in_review")

    def _before_the_board(
        self, revision: int, digest: str, submitted: datetime, outcome: str, reason: Reason = Reason.NEW_TEXT
    ) -> tuple[int, datetime]:
        """Add a round of review; return the primary key of its approval and its time.

        If the round ends without an approval, return 0 and the time of the submission.
        """
        rows = self.all.rounds[self.round]
        self.round += 1
        is_renewal = reason == Reason.RENEWAL
        self._move("renew" if is_renewal else "submit", submitted, Stage.IN_REVIEW, revision, quorum=QUORUM)
        terms = Submission(
            article_id=self.article,
            revision_id=revision,
            submitted_by_id=self.writer.pk,
            submitted_by_name=str(self.writer),
            submitted_at=submitted,
            reason=reason.value,
            due_on=(submitted + 14 * DAY).date(),
            quorum=QUORUM,
        )
        given = {field.attname: getattr(terms, field.attname) for field in Submission._meta.concrete_fields}
        submission = rows.tables[Submission].add(**{name: given[name] for name in given if name != "id"})
        signed = []
        for place, who in enumerate(self.board):
            answered = submitted + timedelta(days=self.dice.uniform(0.2, 2))
            if outcome == "in_review":
                self._asked(rows, submission, who, submitted, answered if place else None)
                continue
            review = self._asked(rows, submission, who, submitted, answered, conflict="none")
            signed.append((who, answered + TO_THE_VERDICT))
            comments = self._wants_changes(rows, review, who, answered) if outcome == "changes_requested" else []
            self._sign(rows, terms, review, who, answered + TO_THE_VERDICT, digest, comments)
            if comments:
                rows.sent_back.append(submission)
                self._move(
                    "request_changes", answered + TO_THE_VERDICT, Stage.CHANGES_REQUESTED, revision, "See my remark."
                )
                break
        if outcome != "approved":
            return 0, submitted
        at = max(at for _, at in signed)
        approval = rows.tables[Approval].add(
            submission_id=submission, revision_id=revision, digest=digest, approved_at=at
        )
        for place, (who, when) in enumerate(sorted(signed, key=lambda one: one[1])):
            advisor = self.people.board[who]
            rows.tables[Signatory].add(
                approval_id=approval,
                user_id=advisor.user_id,
                position=place,
                digest=digest,
                signed_at=when,
                signed_name_id=self.people.board_names[who].pk,
                credentials=advisor.credentials,
                disclosure=advisor.disclosure,
            )
        self._move("approve", at, Stage.PUBLISHED if is_renewal else Stage.APPROVED, revision)
        return approval, at

    def _asked(
        self, rows: Round, submission: int, who: int, at: datetime, answered: datetime | None, conflict: str = ""
    ) -> int:
        """Add a review with its checklist; return its primary key. `answered` is None for an invitation without a
        response.
        """
        advisor = self.people.board[who]
        review = rows.tables[Review].add(
            submission_id=submission,
            advisor_id=advisor.pk,
            advisor_name=advisor.name_with_credentials,
            invited_by_id=self.people.editor.pk,
            invited_at=at,
            response="accepted" if answered else "",
            responded_at=answered,
            conflict=conflict,
            disclosure_id=self.people.standing[who].pk if conflict else None,
        )
        for item in self.people.questions if conflict else ():
            rows.tables[ChecklistAnswer].add(
                review_id=review, item_id=item.pk, question=item.question, answer=Ticked.YES.value
            )
        return review

    def _wants_changes(self, rows: Round, review: int, who: int, at: datetime) -> list[Comment]:
        """Add a comment to a review, record that the review asks for changes, and return the comment in a list."""
        advisor = self.people.board[who]
        rows.asking_for_changes.append(review)
        comment = {
            "review_id": review,
            "written_by_id": advisor.user_id,
            "written_by_name": str(advisor.user),
            "text": "See my remark.",
            "written_at": at,
        }
        return [Comment(pk=rows.tables[Comment].add(**comment), **comment)]

    def _sign(
        self,
        rows: Round,
        submission: Submission,
        review: int,
        who: int,
        at: datetime,
        digest: str,
        comments: Sequence[Comment],
    ) -> None:
        """Add the signature of a verdict that is given at `at` on the revision with this digest.

        `submission` is its round, not stored; with `comments`, the verdict asks for changes.
        """
        advisor = self.people.board[who]
        verdict = Review(
            advisor_id=advisor.pk,
            disclosure_id=self.people.standing[who].pk,
            conflict="none",
            verdict=Verdict.CHANGES.value if comments else Verdict.APPROVE.value,
            verdict_at=at,
            digest=digest,
        )
        means = Means.PASSWORD.value
        signature = Signature(account_id=advisor.user_id, means=means)
        answers = [
            ChecklistAnswer(item_id=item.pk, question=item.question, answer=Ticked.YES.value)
            for item in self.people.questions
        ]
        rows.tables[Signature].add(
            review_id=review,
            account_id=advisor.user_id,
            means=means,
            account_email=advisor.user.email,
            signed_name_id=self.people.board_names[who].pk,
            credentials=advisor.credentials,
            disclosure=advisor.disclosure,
            comments=[comment.pk for comment in comments],
            waivers=[],
            salt=signature.salt,
            given_digest=given_digest(
                Given(verdict, submission, signature, (), answers, comments, (), self.all.disclosed[who])
            ),
        )

    def _move(
        self, verb: str, at: datetime, target: Stage, revision: int, reason: str = "", quorum: int | None = None
    ) -> datetime:
        """Add a transition to the log; return its time."""
        by_the_board = verb in ("approve", "request_changes")
        newsroom = self.people.editor if verb in ("publish", "schedule", "withdraw") else self.writer
        actor = self.people.board[self.board[-1 if verb == "approve" else 0]].user if by_the_board else newsroom
        self.log.append(
            {
                "verb": verb,
                "from_stage": self.at_stage.value,
                "to_stage": target.value,
                "revision_id": revision,
                "actor_id": actor.pk,
                "actor_name": str(actor),
                "at": at,
                "reason": reason,
                "quorum": quorum,
            }
        )
        self.at_stage = target
        return at

    def _article(self, begun: datetime, saved: datetime) -> None:
        """Add the rows that belong to the working copy: authors, sources, panel and topics."""
        tables = self.all.tables
        for place, author in enumerate(self.text.byline):
            person = self.people.authors[author]
            tables[Authorship].add(article_id=self.article, author_id=person.pk, position=place)
        for place, _ in self.text.versions[-1].cited:
            tables[ArticleSource].add(article_id=self.article, source_id=self.all.sources[place], supports="A figure.")
        for who in self.board:
            tables[PanelMember].add(
                article_id=self.article,
                advisor_id=self.people.board[who].pk,
                confirmed=True,
                proposed_by_id=self.people.editor.pk,
            )
        # The square gives a few topics many articles, and most topics few.
        chosen = {int(len(self.people.topics) * self.dice.random() ** 2) for _ in range(self.dice.choice((1, 1, 2, 3)))}
        for topic in sorted(chosen):
            tables[Article.topics.through].add(article_id=self.article, topic_id=self.people.topics[topic].pk)
        self.begun, self.saved = begun, saved

    def _revision(self, number: int, version: GeneratedVersion, at: datetime) -> int:
        """Add a revision with its citations, byline and rendering; return its primary key."""
        tables = self.all.tables
        revision = tables[Revision].add(
            article_id=self.article,
            number=number,
            digest=version.digest,
            created_by_id=self.writer.pk,
            created_by_name=str(self.writer),
            created_at=at,
            **version.content,
        )
        for place, cited in version.cited:
            tables[Citation].add(
                revision_id=revision,
                source_id=self.all.sources[place],
                number=cited.number,
                key=cited.key,
                reference=cited.reference,
                link=cited.link,
                archived_url=cited.archived_url,
                archived_on=cited.archived_on,
                evidence=cited.evidence,
            )
        for place, author in enumerate(self.text.byline):
            person = self.people.authors[author]
            tables[Byline].add(
                revision_id=revision,
                author_id=person.pk,
                account_id=person.user_id,
                position=place,
                signed_name_id=self.people.author_names[author].pk,
                credentials=person.credentials,
            )
        tables[Rendering].add(revision_id=revision, renderer=RENDERER, **vars(version.rendered))
        return revision

    def _write(self, revisions: Sequence[int]) -> None:
        """Add the article, its log, its publications and their search entries."""
        tables = self.all.tables
        tables[Article].add(
            **self.text.versions[-1].content,
            slug=self.text.slug,
            stage=self.at_stage.value,
            created_by_id=self.writer.pk,
            created_at=self.begun,
            version=self.versions,
            saved_by_id=self.writer.pk,
            saved_at=self.saved,
        )
        newest = self.text.versions[-1]
        fields = [newest.content[name] for name in ("title", "standfirst", "key_messages")]
        tables[SearchDraft].add(article_id=self.article, words="\n".join(filter(None, (*fields, newest.words))))
        for row in self.log:
            tables[Transition].add(article_id=self.article, **row)
        for row in self.shown:
            kept = {name: row[name] for name in row if name not in ("revision", "digest", "approved_at")}
            tables[Publication].add(
                article_id=self.article,
                published_by_id=self.people.editor.pk,
                published_by_name=str(self.people.editor),
                published_as=self.text.slug,
                **kept,
            )
            version = self.text.versions[revisions.index(row["revision"])]
            self.all.searchable.append(
                f"{version.content['title']} {version.content['standfirst']} {version.content['key_messages']}"
            )
            tables[SearchEntry].add(
                revision_id=row["revision"],
                article_key=self.article,
                title=version.content["title"],
                standfirst=version.content["standfirst"],
                messages=version.content["key_messages"],
                body=version.words,
            )
