"""Help with the choice of reviewers: who fits an article best, who cannot be asked, and why."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Q

from advisors import panel
from advisors.disclosures import touches
from advisors.models import Advisor, Disclosure, PanelMember, Response, Review, waiting_now
from articles.models import Article
from articles.review_terms import terms_of

TITLES = {"dr", "prof", "professor", "mr", "mrs", "ms", "pd"}


@dataclass(frozen=True)
class Candidate:
    """An advisor held beside an article.

    `specialties` are the article's topics that are theirs; `needed` those of them that need a specialist and have
    none on the panel yet; `load` the reviews that wait for them; `interests` the disclosed ones that touch the text or
    its products; `refusal` why they cannot be chosen (empty where they can); `standing` what they are on this panel
    or in its open round, `is_member` whether they have a place on it or are proposed for one;
    `proposed_by` who proposed them, where an editor still has to confirm it.
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
        """Whether an editor has decided on them."""
        return self.standing in ("panel", "asked")

    @property
    def may_leave(self) -> bool:
        """Whether one press takes them off: on the panel or proposed, and not awaited in the open round."""
        return self.is_member and self.standing != "asked"

    @property
    def can_be_asked_again(self) -> bool:
        """Whether one press asks them anew in the open round, which they declined or were released from."""
        return self.standing in ("declined", "released") and not self.refusal


def ranked(candidates: Iterable[Candidate]) -> list[Candidate]:
    """The best first: who can be chosen, has no interest in it, is the specialist that is needed, knows most of its
    topics, has least to do, and has been left alone longest. Pure."""

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
    """The board held beside an article, the best first: the same few queries for any number of advisors.

    Those who have left the board are among them only where they are still on the panel.
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
    lacking = {topic.pk for topic in panel.lacking_specialists(terms_of(article), on_panel)}
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
    """The one advisor whom these words name (“Dr Ada Okafor, perhaps”); None where it is not just one. Pure."""
    said = f" {_bare(words)} "
    found = [advisor for advisor in advisors if f" {_bare(advisor.name)} " in said]
    return found[0] if len(found) == 1 else None


def _bare(name: str) -> str:
    """A name without title, points and case, words apart by one space."""
    parts = [part.strip(".,;:()“”\"'") for part in name.casefold().split()]
    return " ".join(part for part in parts if part and part not in TITLES)


def _standing(member: str, review: Review | None) -> str:
    if review is None:
        return member
    if review.released_at:
        return "released"
    return "declined" if review.response == Response.DECLINED else "asked"


def _interests(article: Article, advisors: list[Advisor]) -> dict[int, tuple[str, ...]]:
    """What each advisor's standing disclosure says that touches the article's topics or products."""
    topics = {topic.pk for topic in article.topics.all()}
    products = set(article.products.values_list("pk", flat=True))
    standing = Disclosure.objects.standing().filter(advisor__in=advisors)
    found: dict[int, tuple[str, ...]] = {}
    for disclosure in standing.prefetch_related("answers__topics", "answers__products"):  # the newest first
        said = tuple(str(answer) for answer in disclosure.answers.all() if touches(answer, topics, products))
        found.setdefault(disclosure.advisor_id, said)
    return found
