"""Compare the members of the board with an article, to rank them as reviewers and to say why some cannot review it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, TypedDict, cast

from django.db.models import Count, Max, Q
from django.utils.translation import ngettext

from advisors import panel
from advisors.disclosures import touches
from advisors.models import (
    Advisor,
    Conflict,
    DisclosedAnswer,
    Disclosure,
    PanelMember,
    Response,
    Review,
    waiting_now,
)
from articles.models import Article, Outcome
from articles.review_terms import terms_of

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    BusyAdvisor = WithAnnotations[Advisor, "AdvisorLoad"]
    BusyMember = WithAnnotations[PanelMember, "AdvisorLoad"]

TITLES = {"dr", "prof", "professor", "mr", "mrs", "ms", "pd"}


class AdvisorLoad(TypedDict):
    """The columns that `candidates_for` adds to an advisor: open reviews, and the aware time of the last verdict."""

    load: int
    last_given: datetime | None


@dataclass(frozen=True)
class Candidate:
    """An advisor compared with an article.

    `specialties` are the topics of the article that are specialties of the advisor; `needed` are the specialties for
    which the panel still lacks a specialist. `load` is the number of their open reviews, and `last_given` the aware
    time of their last verdict. `interests` are disclosed interests that concern the article or its products. `refusal`
    is the reason why they cannot be chosen, or empty. `standing` is their state on the panel ("panel", "proposed" or
    empty) or, if they were invited, in the open round ("asked", "declined", "released", or "conflicted" after a verdict
    with a declared conflict). `is_member` says whether they are on the panel or proposed. `proposed_by` is the name of
    the user who proposed them, if an editor still has to decide.
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
        return self.standing in ("panel", "asked", "conflicted")

    @property
    def may_leave(self) -> bool:
        """Return whether the advisor can be removed: on the panel or proposed, and not invited to the open round."""
        return self.is_member and self.standing not in ("asked", "conflicted")

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


def open_reviews() -> Count:
    """Return the expression for how many reviews an advisor has still to give, for a column of a query of advisors."""
    return Count("reviews", filter=waiting_now("reviews__"))


def facts_about(advisor: Advisor, load: int) -> str:
    """Return the specialties of an advisor and their number of open reviews: “Sleep, Stress · 2 open reviews”.

    The caller should prefetch `specialties`.
    """
    said = ngettext("%(count)s open review", "%(count)s open reviews", load) % {"count": load}
    names = ", ".join(topic.name for topic in advisor.specialties.all())
    return f"{names} · {said}" if names else said


def panel_with_facts(article: Article) -> dict[int, tuple[PanelMember, str]]:
    """Return each reviewer of an article, and what `facts_about` says of them, by primary key of the advisor.

    Makes two queries. The result is kept on `article`, because several parts of one page show it.
    """
    kept: dict[int, tuple[PanelMember, str]] | None = article.__dict__.get("_panel_with_facts")
    if kept is None:
        rows = PanelMember.objects.standing().filter(article=article).order_by("advisor__name", "pk")
        loads = Count("advisor__reviews", filter=waiting_now("advisor__reviews__"))
        rows = rows.select_related("advisor").annotate(load=loads).prefetch_related("advisor__specialties")
        members = cast("Iterable[BusyMember]", rows)
        kept = {row.advisor_id: (row, facts_about(row.advisor, row.load)) for row in members}
        article.__dict__["_panel_with_facts"] = kept
    return kept


def candidates(article: Article) -> list[Candidate]:
    """Return a Candidate for each member of the board, the best for this article first (`candidates_for`)."""
    return candidates_for([article])[article.pk]


def candidates_for(articles: Iterable[Article]) -> dict[int, list[Candidate]]:
    """Return, by key of the article, a Candidate for each member of the board, the best for that article first.

    Former members of the board are included only for articles on whose panel they still are. The number of queries
    depends neither on the number of articles nor on that of advisors.
    """
    found = Article.objects.filter(pk__in=[article.pk for article in articles]).only("created_by")
    articles = list(found.prefetch_related("topics", "products"))
    rows = list(PanelMember.objects.standing().filter(article__in=articles).select_related("proposed_by"))
    advisors = list(
        Advisor.objects.filter(Q(is_active=True) | Q(pk__in=[row.advisor_id for row in rows]))
        .annotate(
            last_given=Max("reviews__verdict_at", filter=Q(reviews__taken_back_at=None)),
            load=open_reviews(),
        )
        .prefetch_related("specialties")
    )
    refused = panel.refusals_for(articles, advisors)
    disclosed = _stated_interests(advisors)
    asked: dict[int, dict[int, Review]] = {article.pk: {} for article in articles}
    open_rounds = Review.objects.filter(submission__article__in=articles, submission__outcome=Outcome.OPEN)
    for review in open_rounds.select_related("submission"):
        asked[review.submission.article_id][review.advisor_id] = review
    return {
        article.pk: _compared(
            article,
            advisors,
            [row for row in rows if row.article_id == article.pk],
            asked[article.pk],
            refused[article.pk],
            disclosed,
        )
        for article in articles
    }


def _compared(
    article: Article,
    advisors: "Sequence[BusyAdvisor]",
    rows: Sequence[PanelMember],
    asked: Mapping[int, Review],
    refused: Mapping[int, str],
    disclosed: Mapping[int, Sequence[DisclosedAnswer]],
) -> list[Candidate]:
    """Return these advisors compared with an article, the best first. Makes no queries.

    `rows` are the members of the article's panel. The mappings have keys of advisors: `asked` the reviews of the open
    round, `refused` the reasons why somebody cannot be chosen, `disclosed` the interests in standing disclosures.
    """
    members = {row.advisor_id: "panel" if row.confirmed else "proposed" for row in rows}
    proposers = {row.advisor_id: str(row.proposed_by) for row in rows if row.is_waiting and row.proposed_by}
    standing = {row.pk: _standing(members.get(row.pk, ""), asked.get(row.pk)) for row in advisors}
    topics = {topic.pk: topic.name for topic in article.topics.all()}
    products = {product.pk for product in article.products.all()}
    counting = [row for row in advisors if standing[row.pk] in ("panel", "asked") and row.pk not in refused]
    covered = {topic.pk for advisor in counting for topic in advisor.specialties.all()}
    lacking = {topic.pk for topic in terms_of(article).specialists} - covered
    found = []
    for advisor in advisors:
        if not advisor.is_active and advisor.pk not in members:
            continue
        known = [topic.pk for topic in advisor.specialties.all() if topic.pk in topics]
        answers = disclosed.get(advisor.pk, ())
        found.append(
            Candidate(
                advisor=advisor,
                specialties=tuple(topics[pk] for pk in known),
                needed=tuple(topics[pk] for pk in known if pk in lacking),
                load=advisor.load,
                last_given=advisor.last_given,
                interests=tuple(str(answer) for answer in answers if touches(answer, topics, products)),
                refusal=refused.get(advisor.pk, ""),
                is_member=advisor.pk in members,
                standing=standing[advisor.pk],
                proposed_by=proposers.get(advisor.pk, ""),
            )
        )
    return ranked(found)


def best_to_ask(candidates: Iterable[Candidate]) -> Advisor | None:
    """Return the first of these ranked candidates who can be asked now and has not been asked in the open round.

    Return None if nobody is left, or only advisors with an interest that concerns the article: an editor has to weigh
    that.
    """
    fitting = (one for one in candidates if not one.refusal and not one.interests and one.standing in ("", "proposed"))
    return next((one.advisor for one in fitting), None)


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
    if review.verdict and review.conflict == Conflict.DECLARED:
        return "conflicted"
    return "declined" if review.response == Response.DECLINED else "asked"


def _stated_interests(advisors: Sequence[Advisor]) -> dict[int, list[DisclosedAnswer]]:
    """Return the answers of the newest standing disclosure of each of these advisors, by key of the advisor."""
    standing = Disclosure.objects.standing().filter(advisor__in=advisors)
    found: dict[int, list[DisclosedAnswer]] = {}
    for disclosure in standing.prefetch_related("answers__topics", "answers__products"):  # newest first
        found.setdefault(disclosure.advisor_id, list(disclosure.answers.all()))
    return found
