"""The people of the archive (writers, an editor and a board with disclosures), and its topics and sources.

None of these users can sign in.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.contrib.auth.models import Group
from django.utils.text import slugify

from accounts.models import User
from accounts.roles import ADVISORS, EDITORS, WRITERS
from advisors import disclosures
from advisors.disclosures import Interest
from advisors.models import Advisor, ChecklistItem, DisclosedAnswer, Disclosure, NameConsent, Question, Vouch
from advisors.personal_data import consents
from articles.models import Author, SignedName, Topic
from demo.archive.texts import BylineAuthor, source
from demo.archive.words import SUBJECTS, some_tail
from demo.archive.writing import BulkTable
from sources.models import RetractionState, Source

WRITING, OTHER_AUTHORS, BOARD, TOPICS = 10, 50, 24, 40
DOMAIN = "archive.example.org"
RETRACTED_EVERY = 250
LONG_AGO = datetime(2015, 1, 1, tzinfo=UTC)
BIOGRAPHY = "An invention, for measuring how the site bears a large archive."


@dataclass(frozen=True)
class People:
    """All people, topics and checklist questions in a fixed order, because generated articles refer to them by index.

    `standing` holds the disclosures of the board, and `author_names` and `board_names` the signed names.
    """

    writers: Sequence[User]
    editor: User
    authors: Sequence[Author]
    board: Sequence[Advisor]
    standing: Sequence[Disclosure]
    topics: Sequence[Topic]
    questions: Sequence[ChecklistItem]
    author_names: Sequence[SignedName]
    board_names: Sequence[SignedName]

    @property
    def bylines(self) -> list[BylineAuthor]:
        """Return the authors in the form that generated articles need."""
        return [
            BylineAuthor(name.commitment, author.credentials)
            for author, name in zip(self.authors, self.author_names, strict=True)
        ]


def people() -> People:
    """Create the people and topics that the archive needs and does not have yet; return all of them."""
    dice = random.Random("people")
    writers = [_user(f"writer{place}", _name(dice), WRITERS) for place in range(WRITING)]
    editor = _user("editor", _name(dice), EDITORS)
    authors = []
    for place in range(WRITING + OTHER_AUTHORS):
        user = writers[place] if place < WRITING else None
        name = user.name if user else _name(dice)
        known = {"name": name, "credentials": "MSc", "user": user, "biography": BIOGRAPHY}
        authors.append(Author.objects.get_or_create(slug=f"archive-author-{place}", defaults=known)[0])
    board = [_advisor(place, _name(dice), editor) for place in range(BOARD)]
    topics = [_topic(name) for name in SUBJECTS[:TOPICS]]
    for place, member in enumerate(board):
        member.specialties.add(topics[place % TOPICS])
    standing = [disclosures.standing(member) for member in board]
    questions = list(ChecklistItem.objects.filter(is_active=True, topics=None))
    author_names = [SignedName.objects.stored(author) for author in authors]
    board_names = [SignedName.objects.stored(member) for member in board]
    return People(writers, editor, authors, board, standing, topics, questions, author_names, board_names)


def library(seed: int, start: int, stop: int, keys: list[int], today: datetime) -> list[BulkTable]:
    """Return tables with the sources numbered from `start` up to, but not including, `stop`, and their history.

    `seed` determines the sources; `today` is an aware time. Append the primary keys of the sources to `keys`. One
    source in RETRACTED_EVERY was retracted recently, after the board had approved the articles that cite it.
    """
    sources, past = BulkTable(Source), BulkTable(Source.history.model)
    long_ago = today.replace(year=today.year - 7, day=1)
    for place in range(start, stop):
        one = source(seed, place)
        values = {field.attname: getattr(one, field.attname) for field in Source._meta.concrete_fields}
        values.pop("id")
        retracted = place % RETRACTED_EVERY == 99
        state = {"retraction_state": RetractionState.RETRACTED, "retraction_note": "Retracted by its journal."}
        key = sources.add(**{**values, **(state if retracted else {})})
        _remember(past, {**values, "id": key}, "+", long_ago)
        if retracted:
            _remember(past, {**values, **state, "id": key}, "~", today)
        keys.append(key)
    return [sources, past]


def _remember(past: BulkTable, values: dict, kind: str, at: datetime) -> None:
    """Add an entry to the history of a source. `kind` is “+” (created) or “~” (changed)."""
    past.add(**{**values, "history_date": at, "history_type": kind})


def _name(dice: random.Random) -> str:
    return " ".join(word.capitalize() for word in some_tail(dice, 2))


def _user(who: str, name: str, role: str) -> User:
    user = User.objects.filter(email=f"{who}@{DOMAIN}").first()
    if user is None:
        user = User.objects.create_user(f"{who}@{DOMAIN}", None, name=name, is_staff=True)
        user.groups.add(Group.objects.get(name=role))
    return user


def _advisor(place: int, name: str, editor: User) -> Advisor:
    user = _user(f"advisor{place}", name, ADVISORS)
    known = {"user": user, "name": f"Dr {name}", "credentials": "PhD", "biography": BIOGRAPHY}
    advisor, is_new = Advisor.objects.get_or_create(slug=f"archive-advisor-{place}", defaults=known)
    if is_new:
        _join_long_ago(advisor, editor)
    if disclosures.standing(advisor) is None:
        disclosures.disclose(advisor=advisor, actor=user, interests=dict.fromkeys(Question, Interest()))
    consents.give(advisor=advisor, actor=user, digest=consents.digest_of(consents.current_words()))
    return advisor


def _join_long_ago(advisor: Advisor, editor: User) -> None:
    """Date the advisor's first disclosure, consent and vouch before the oldest articles of the archive."""
    first = Disclosure.objects.create(advisor=advisor, made_at=LONG_AGO, valid_until=LONG_AGO + timedelta(days=365))
    DisclosedAnswer.objects.bulk_create(DisclosedAnswer(disclosure=first, question=question) for question in Question)
    NameConsent.objects.create(
        advisor=advisor, is_given=True, words=consents.current_words(), made_by=advisor.user, made_at=LONG_AGO
    )
    Vouch.objects.create(
        advisor=advisor,
        account=advisor.user,
        address=advisor.user.email,
        signed_name=SignedName.objects.stored(advisor),
        vouched_by=editor,
        vouched_by_name=str(editor),
        vouched_at=LONG_AGO,
        how="An invented person of the archive.",
    )


def _topic(name: str) -> Topic:
    topic, _ = Topic.objects.get_or_create(slug=slugify(name), defaults={"name": name.capitalize()})
    return topic
