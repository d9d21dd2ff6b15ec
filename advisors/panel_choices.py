"""Compare the members of the board with an article, to rank them as reviewers and to say why some cannot review it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Q

from advisors import panel
from advisors.disclosures import touches
from advisors.models import Advisor, Disclosure, PanelMember, Response, Review, waiting_now
from advisors.quorum.decisions import lacking_specialists
from articles.models import Article
from articles.review_terms import terms_of

TITLES = {"dr", "prof", "professor", "mr", "mrs", "ms", "pd"}


@dataclass(frozen=True)
class Candidate:
    """An advisor compared with an article.

    `specialties` are the topics of the article that are specialties of the advisor; `needed` are the specialties for
    which the panel still lacks a specialist. `load` is the number of their open reviews. `interests` are disclosed
    interests that concern the article or its products. `refusal` is the reason why they cannot be chosen, or empty.
    `standing` is their state on the panel ("panel", "proposed" or empty) or, if they were invited, in the open round
    ("asked", "declined", "released"). `is_member` says whether they are on the panel or proposed. `proposed_by` is the
    name of the user who proposed them, if an editor still has to decide.
    """

    advisor: Advisor
    specialties: tuple[str, ...] = ()
    needed: tuple[str, ...] = ()
    load: int = 0
    last_given: datetime | None = None
    interests: tuple[str, ...] = ()
    refusal: str = ""
    standing: str = ""
    is_member: bool = False
    proposed_by: str = ""

    @property
    def is_on_panel(self) -> bool:
        """Return whether the advisor is a confirmed reviewer, invited to the open round or not."""
        return self.standing in ("panel", "asked")

    @property
    def may_leave(self) -> bool:
        """Return whether the advisor can be removed: on the panel or proposed, and not invited to the open round."""
        return self.is_member and self.standing != "asked"

    @property
    def can_be_asked_again(self) -> bool:
        """Return whether the advisor declined or was released in the open round, and can be invited again."""
        return self.standing in ("declined", "released") and not self.refusal


def ranked(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Return these candidates, the best first. Makes no queries.

    The criteria are, in this order: the advisor can be chosen; has no conflicting interest; has more of the specialties
    that are still needed; has more matching specialties; has fewer open reviews; gave the last review longer ago.
    """

    def place(candidate: Candidate) -> tuple:
        return (
            bool(candidate.refusal),
            bool(candidate.interests),
            -len(candidate.needed),
            -len(candidate.specialties),
            candidate.load,
            candidate.last_given.timestamp() if candidate.last_given else 0,
            candidate.advisor.name,
            candidate.advisor.pk,
        )

    return sorted(candidates, key=place)


def candidates(article: Article) -> list[Candidate]:
    """Return the members of the board compared with an article, the best first.

    Former members of the board are included only if they are still on the panel. The number of queries is constant.
    """
    rows = list(PanelMember.objects.standing().filter(article=article).select_related("proposed_by"))
    members = {row.advisor_id: "panel" if row.confirmed else "proposed" for row in rows}
    proposers = {row.advisor_id: str(row.proposed_by) for row in rows if row.is_waiting and row.proposed_by}
    advisors = list(
        Advisor.objects.filter(Q(is_active=True) | Q(pk__in=members))
        .annotate(last_given=Max("reviews__verdict_at"), load=Count("reviews", filter=waiting_now("reviews__")))
        .prefetch_related("specialties")
    )
    asked = {review.advisor_id: review for review in panel.reviews_of_open_round(article)}
    refused = panel.refusals(article, advisors)
    interests = _interests(article, advisors)
    topics = {topic.pk: topic.name for topic in article.topics.all()}
    on_panel = [row for row in advisors if members.get(row.pk) == "panel" and row.pk not in refused]
    lacking = {topic.pk for topic in lacking_specialists(terms_of(article).specialists, on_panel)}
    found = []
    for advisor in advisors:
        known = [topic.pk for topic in advisor.specialties.all() if topic.pk in topics]
        found.append(
            Candidate(
                advisor=advisor,
                specialties=tuple(topics[pk] for pk in known),
                needed=tuple(topics[pk] for pk in known if pk in lacking),
                load=advisor.load,
                last_given=advisor.last_given,
                interests=interests.get(advisor.pk, ()),
                refusal=refused.get(advisor.pk, ""),
                is_member=advisor.pk in members,
                standing=_standing(members.get(advisor.pk, ""), asked.get(advisor.pk)),
                proposed_by=proposers.get(advisor.pk, ""),
            )
        )
    return ranked(found)


def named_in(words: str, advisors: Iterable[Advisor]) -> Advisor | None:
    """Return the advisor whose name is in this text (“Dr Ada Okafor, perhaps”).

    Return None if the text has the names of none or several of these advisors.
    """
    said = f" {_bare(words)} "
    found = [advisor for advisor in advisors if f" {_bare(advisor.name)} " in said]
    return found[0] if len(found) == 1 else None


def _bare(name: str) -> str:
    """Return a name in lower case without titles and punctuation, with single spaces between words."""
    parts = [part.strip(".,;:()“”\"'") for part in name.casefold().split()]
    return " ".join(part for part in parts if part and part not in TITLES)


def _standing(member: str, review: Review | None) -> str:
    """Return the state of an advisor in the open round if they were invited, else on the panel (see `Candidate`)."""
    if review is None:
        return member
    if review.released_at:
        return "released"
    return "declined" if review.response == Response.DECLINED else "asked"


def _interests(article: Article, advisors: Sequence[Advisor]) -> dict[int, tuple[str, ...]]:
    """Return the disclosed interests in the article's topics or products, as {key of the advisor: interests}."""
    topics = {topic.pk for topic in article.topics.all()}
    products = set(article.products.values_list("pk", flat=True))
    standing = Disclosure.objects.standing().filter(advisor__in=advisors)
    found: dict[int, tuple[str, ...]] = {}
    for disclosure in standing.prefetch_related("answers__topics", "answers__products"):  # newest first
        said = tuple(str(answer) for answer in disclosure.answers.all() if touches(answer, topics, products))
        found.setdefault(disclosure.advisor_id, said)
    return found
