"""A named cast and its actions for tests. The actions call the same functions as the site."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import count

from django.contrib.auth.models import Group
from django.db.models import Model

from accounts.models import User
from accounts.roles import ADVISORS, EDITORS, WRITERS
from accounts.sessions import Means
from advisors import checklists, disclosures, reviews
from advisors.disclosures import Interest
from advisors.models import Advisor, Conflict, PanelMember, Question, Response, Review, Ticked, Verdict
from advisors.personal_data import consents
from advisors.quorum import vouching
from advisors.quorum.signatures import Authentication
from articles import drafting, readiness, waivers, workflow
from articles.assignments import assigning
from articles.assignments.assigning import ShownAssignment
from articles.models import Approval, Article, Assignment, Author, Publication, Submission, Topic
from checks.preflight import unanswered
from sources.models import Source
from tests.scenes import repeated

PASSWORD = "correct horse battery"
SIGNED_IN = Authentication(Means.PASSWORD)
_serial = count(1)


@dataclass
class Cast:
    """A writer, a colleague, an editor, an administrator, three advisors and an outsider."""

    writer: User
    colleague: User
    editor: User
    admin: User
    outsider: User
    advisors: list[Advisor]
    author: Author
    topic: Topic
    source: Source

    @property
    def everybody(self) -> dict[str, User]:
        return {
            "writer": self.writer,
            "colleague": self.colleague,
            "editor": self.editor,
            "admin": self.admin,
            "outsider": self.outsider,
            **{f"advisor{place}": advisor.user for place, advisor in enumerate(self.advisors, 1)},
        }

    @property
    def rows(self) -> dict[str, Model]:
        """Return the people and everything else that the cast has, by name."""
        board = {f"board member {place}": advisor for place, advisor in enumerate(self.advisors, 1)}
        return {**self.everybody, **board, "author": self.author, "topic": self.topic, "source": self.source}


@repeated
def user(name: str, *roles: str, **fields: object) -> User:
    """Create and return a user with these roles, whose email address is <name>@example.org. There is no password."""
    person = User.objects.create_user(f"{name}@example.org", None, name=name.capitalize(), **fields)
    person.groups.set(Group.objects.filter(name__in=roles))
    return person


@repeated
def advisor(name: str) -> Advisor:
    """Create and return a member of the board with an account, a disclosure and a consent to be named.

    An administrator vouches for them.
    """
    person = user(name, ADVISORS, is_staff=True)
    member = Advisor.objects.create(name=f"Dr {name.capitalize()}", slug=name, user=person, credentials="PhD")
    prepare(member)
    vouch(member)
    return member


@repeated
def prepare(member: Advisor) -> None:
    """Let this advisor declare that they have no interests, and agree to be named."""
    disclosures.disclose(advisor=member, actor=member.user, interests=dict.fromkeys(Question, Interest()))
    consents.give(advisor=member, actor=member.user, digest=consents.digest_of(consents.current_words()))


@repeated
def vouch(member: Advisor) -> None:
    """Let an administrator, who is created if there is none, vouch for this advisor."""
    admin = User.objects.filter(is_superuser=True).first()
    admin = admin or User.objects.create_superuser("registrar@example.org", None, name="Registrar")
    vouching.vouch(advisor=member, actor=admin, how="Met at the institute.")


@repeated
def source(key: str, **fields: object) -> Source:
    """Create and return a journal article that can be cited."""
    return Source.objects.create(
        key=key,
        **{
            "title": f"A trial called {key}",
            "authors": "Doe, Jane",
            "container": "Journal of Trials",
            "year": 2020,
            "doi": f"10.1000/{key}",
            "evidence": "randomised_trial",
            **fields,
        },
    )


def cast() -> Cast:
    """Create and return the cast, with an author page for the writer, a topic and a source."""
    writer = user("writer", WRITERS, is_staff=True)
    return Cast(
        writer=writer,
        colleague=user("colleague", WRITERS, is_staff=True),
        editor=user("editor", EDITORS, is_staff=True),
        admin=User.objects.create_superuser("admin@example.org", None, name="Admin"),
        outsider=user("outsider"),
        advisors=[advisor(name) for name in ("ada", "ben", "cleo")],
        author=Author.objects.create(name="Wanda Writer", slug="wanda-writer", credentials="MSc", user=writer),
        topic=Topic.objects.create(name="Sleep", slug="sleep"),
        source=source("doe2020"),
    )


def content(**fields: str) -> dict[str, str]:
    """Return content that is sufficient for a submission, changed by `fields`."""
    return {
        "title": "Magnesium and sleep",
        "standfirst": "What trials have measured.",
        "body": '<h2>The trials</h2><p>Sleep was longer by 17 minutes.<sup data-cite="doe2020"></sup></p>',
        **fields,
    }


@repeated
def draft(
    cast: Cast, slug: str = "", panel: int = 2, sources: Iterable[Source] | None = None, **fields: str
) -> Article:
    """Create and return a draft by the writer, with `panel` confirmed advisors.

    It has the source of the cast, or `sources` if they are given, and the `content` changed by `fields`.
    """
    article = drafting.begin(
        actor=cast.writer,
        slug=slug or f"article-{next(_serial)}",
        content=content(**fields),
        authors=[cast.author],
        topics=[cast.topic],
        sources=dict.fromkeys([cast.source] if sources is None else sources, "the length of sleep"),
    )
    for member in cast.advisors[:panel]:
        PanelMember.objects.create(article=article, advisor=member, confirmed=True, proposed_by=cast.editor)
    return article


def assign(
    cast: Cast, article: Article, person: User | None, due_on: date | None = None, actor: User | None = None
) -> Assignment | None:
    """Assign the article as the editor, or as `actor`, who has seen who has it now; return what is stored."""
    row = Assignment.objects.filter(article=article).first()
    seen = ShownAssignment(row.person_id, row.due_on) if row else ShownAssignment(None, None)
    return assigning.assign(article=article, actor=actor or cast.editor, person=person, due_on=due_on, seen=seen)


@repeated
def answer_warnings(article: Article, actor: User) -> None:
    """Waive every warning of the editorial checks about the working copy that is not answered yet."""
    article = Article.objects.get(pk=article.pk)  # the present working copy
    for finding in unanswered(readiness.findings(article, article.head())):
        waivers.waive(article=article, actor=actor, finding=finding, reason="It stands as it is.")


@repeated
def submit(cast: Cast, article: Article) -> Submission:
    answer_warnings(article, cast.writer)
    return workflow.submit(article=article, actor=cast.writer)


def ticks(article: Article) -> dict[int, str]:
    """Return the answer “yes” to every question of the checklist, by the primary key of the question."""
    return {item.pk: Ticked.YES for item in checklists.items_for(article)}


@repeated
def verdict(review: Review, given: Verdict = Verdict.APPROVE, conflict: Conflict = Conflict.NONE) -> Review:
    """Accept the review if necessary, comment if changes are requested, and give the verdict; return the review."""
    actor = review.advisor.user
    if not Review.objects.filter(pk=review.pk, response=Response.ACCEPTED).exists():
        reviews.accept(review=review, actor=actor)
    if given == Verdict.CHANGES:
        reviews.comment(review=review, actor=actor, text="Say for whom this holds.")
    submission = review.submission
    answers = ticks(submission.article)
    return reviews.give_verdict(
        review=review,
        actor=actor,
        authentication=SIGNED_IN,
        digest=submission.revision.digest,
        conflict=conflict,
        statement="" if conflict == Conflict.NONE else "A grant.",
        verdict=given,
        ticks=answers,
    )


@repeated
def approve(submission: Submission, conflict: Conflict = Conflict.NONE) -> Approval | None:
    """Make the invited advisors approve until the board has decided; return the approval, or None without one."""
    for review in submission.reviews.order_by("pk"):
        submission.refresh_from_db()
        if submission.is_open:
            verdict(review, conflict=conflict)
    return Approval.objects.filter(submission=submission).first()


@repeated
def in_review(cast: Cast, **fields: str) -> Article:
    article = draft(cast, **fields)
    submit(cast, article)
    article.refresh_from_db()
    return article


@repeated
def changes_requested(cast: Cast, **fields: str) -> Article:
    article = draft(cast, **fields)
    verdict(submit(cast, article).reviews.first(), Verdict.CHANGES)
    article.refresh_from_db()
    return article


@repeated
def approved(cast: Cast, **fields: str) -> Article:
    article = draft(cast, **fields)
    approve(submit(cast, article))
    article.refresh_from_db()
    return article


@repeated
def publish(cast: Cast, article: Article, at: datetime | None = None) -> Publication:
    if at:
        return workflow.schedule(article=article, actor=cast.editor, at=at)
    return workflow.publish(article=article, actor=cast.editor)


@repeated
def published(cast: Cast, **fields: str) -> Article:
    article = approved(cast, **fields)
    publish(cast, article)
    article.refresh_from_db()
    return article


@repeated
def rewrite(cast: Cast, article: Article, actor: User | None = None, **fields: str) -> Article:
    """Save the `content` changed by `fields` as the working copy, as `actor` or else the writer; return the article."""
    article.refresh_from_db()
    drafting.rewrite(
        article=article, actor=actor or cast.writer, seen_version=article.version, content=content(**fields)
    )
    article.refresh_from_db()
    return article
