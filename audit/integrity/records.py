"""The rows of articles, read in batches, so that the checks need no queries of their own."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import F, Model, Prefetch, QuerySet

from advisors.models import ChecklistAnswer, Comment, Review
from articles.models import (
    Approval,
    Article,
    Byline,
    Citation,
    PreviewLink,
    Publication,
    Revision,
    Signatory,
    Submission,
    Transition,
    Waiver,
)
from articles.models.same_person import Persons

BATCH = 100  # articles; their rows take some 10 MB


def rows_of(parent: Model, relation: str) -> list[Any]:
    """Return the rows related to `parent` by the relation with this name.

    Makes a query only if `batches` has not read them already.
    """
    known: list[Any] | None = parent.__dict__.get(f"all_{relation}")
    return list(getattr(parent, relation).all()) if known is None else known


@dataclass(frozen=True)
class ArticleRecord:
    """An article with all rows of its chain, each list in the order in which the rows were made.

    Their related rows are read too (`rows_of`): citations, bylines, renderings and preview links of the revisions;
    specialists, changes of terms, reviews (also those taken back) and approvals of the submissions. The approval of a
    publication is found by its key in `approvals` and not by the relation, because the row may be forged.
    """

    article: Article

    @property
    def place(self) -> str:
        """Return the article's title and slug, which name it in messages."""
        return f"“{self.article}” ({self.article.slug})"

    def place_of(self, publication: Publication) -> str:
        """Return the title that readers see, the slug and the key of a publication, which name it in messages."""
        approval = self.approvals.get(publication.approval_id)
        revision = self.revisions_by_key.get(approval.revision_id) if approval else None
        title = revision.title if revision else self.article.title
        return f"“{title}” ({self.article.slug}), publication {publication.pk}"

    @cached_property
    def revisions(self) -> list[Revision]:
        return rows_of(self.article, "revisions")

    @cached_property
    def revisions_by_key(self) -> dict[int, Revision]:
        return {revision.pk: revision for revision in self.revisions}

    @cached_property
    def submissions(self) -> list[Submission]:
        return rows_of(self.article, "submissions")

    @cached_property
    def submissions_by_key(self) -> dict[int, Submission]:
        return {submission.pk: submission for submission in self.submissions}

    @cached_property
    def approvals(self) -> dict[int, Approval]:
        """Return the approvals of this article's revisions, by primary key."""
        return {approval.pk: approval for revision in self.revisions for approval in rows_of(revision, "approvals")}

    @cached_property
    def publications(self) -> list[Publication]:
        return rows_of(self.article, "publications")

    @cached_property
    def shown(self) -> list[Publication]:
        """Return the publications that were not cancelled."""
        return [publication for publication in self.publications if publication.cancelled_at is None]

    @cached_property
    def log(self) -> list[Transition]:
        return rows_of(self.article, "transitions")

    @cached_property
    def waivers(self) -> dict[int, Waiver]:
        return {waiver.pk: waiver for waiver in rows_of(self.article, "waivers")}

    def forget(self) -> None:
        """Remove the rows of the chain, which refer to each other, so that their memory is free at once."""
        _forget(self.article)
        for name in [name for name in vars(self) if name != "article"]:  # the cached properties
            del vars(self)[name]

    def people_until(self, revision: Revision, known: Persons) -> set[int]:
        """Return the primary keys of all accounts of the people who wrote the article up to this revision.

        These are the people who began it, saved a revision or are on its byline. `known` says which accounts belong to
        the same person.
        """
        people = {self.article.created_by_id}
        for one in self.revisions:
            if one.number <= revision.number:
                people.add(one.created_by_id)
                for byline in rows_of(one, "bylines"):
                    people |= {-byline.author_id, byline.account_id or -byline.author_id}
        return known.accounts_of(people)


def batches(after: int = 0) -> Iterator[list[ArticleRecord]]:
    """Yield the articles with a primary key greater than `after`, sorted by primary key, in batches.

    The number of queries for a batch does not depend on how many articles are in it. Only one batch is in memory at a
    time: its rows are emptied before the next one is read.
    """
    while True:
        batch = [ArticleRecord(row) for row in _articles().filter(pk__gt=after).order_by("pk")[:BATCH]]
        if not batch:
            return
        after = batch[-1].article.pk
        yield batch
        for record in batch:
            record.forget()


def _articles() -> QuerySet[Article]:
    of_review = {
        "submissions__reviews": Review.with_taken_back.order_by("pk").select_related("signature"),
        "submissions__reviews__ticks": ChecklistAnswer.objects.order_by("item_id"),
        "submissions__reviews__comments": Comment.objects.order_by("pk"),
    }
    citations = Citation.objects.order_by("number").annotate(source_key=F("source__key"))
    bylines = Byline.objects.order_by("position").select_related(None)
    rows = {
        "revisions": Revision.objects.order_by("number").select_related("rendering"),
        "revisions__citations": citations,
        "revisions__bylines": bylines,
        "revisions__preview_links": PreviewLink.objects.order_by("pk"),
        "revisions__approvals": Approval.objects.order_by("pk"),
        "revisions__approvals__signatories": Signatory.objects.order_by("position", "pk").select_related(None),
        "submissions": Submission.objects.order_by("pk"),
        **of_review,
        "publications": Publication.objects.order_by("starts_at", "pk"),
        "transitions": Transition.objects.order_by("pk"),
        "waivers": Waiver.objects.order_by("pk"),
    }
    prefetched = [_as_list(path, queryset) for path, queryset in rows.items()]
    # The rows belong to few people. A join would create the instance of a person again for each row.
    reviews, approvals = "all_submissions__all_reviews", "all_revisions__all_approvals"
    people = (
        *(f"{reviews}__advisor__user", f"{reviews}__signature__signed_name__shown_as"),
        *("all_revisions__all_bylines__author", "all_revisions__all_bylines__signed_name__shown_as"),
        f"{approvals}__all_signatories__signed_name__shown_as",
    )
    terms = ("all_submissions__specialists", "all_submissions__terms_changes__specialists")
    read: Any = Article.objects.only("title", "slug", "stage", "created_by")  # Any: the plugin of mypy knows no lists
    articles: QuerySet[Article] = read.prefetch_related(*prefetched, *people, *terms)
    return articles


def _forget(row: Model) -> None:
    """Remove from a row, and from all rows read with it, the references to other rows."""
    row._state.fields_cache.clear()
    values = vars(row)
    values.pop("_prefetched_objects_cache", None)
    for name in [name for name in values if name.startswith("all_")]:
        for child in values.pop(name):
            _forget(child)


def _as_list(path: str, queryset: QuerySet) -> Prefetch:
    """Return the prefetch of this relation into a list (`rows_of`). A queryset for each parent would cost more time
    than the rows.
    """
    *parents, relation = path.split("__")
    lookup = "__".join((*(f"all_{parent}" for parent in parents), relation))
    return Prefetch(lookup, queryset, to_attr=f"all_{relation}")
