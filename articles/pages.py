"""Gather the content of an article's page from one revision, in a constant number of queries.

The public page and every preview use this module, so reviewers see the page as readers will. Only the topics and the
recommended products come from the article; everything else comes from the revision.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import F, QuerySet
from django.db.models.fields.files import FieldFile
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from articles.models import (
    Approval,
    Byline,
    ChangeKind,
    Citation,
    Publication,
    Rendering,
    Revision,
    Signatory,
    Topic,
    with_notices,
)
from articles.rendering import RENDERER, Rendered, numbers_and_tips, render, with_warnings
from articles.review_terms import interval_of
from core.html import clean_link
from products.models import Product, ProductPicture
from sources.evidence_groups import Share, group_of, mix
from sources.evidence_kinds import evidence_label

WORDS_A_MINUTE = 220
# What the list of sources shows. A source has 23 more columns, which the page does not need.
_OF_CITATIONS = (
    *("revision", "number", "key", "reference", "link", "evidence", "archived_url", "archived_on"),
    *("source__retraction_state", "source__retraction_note", "source__reported_retraction"),
)


@dataclass(frozen=True)
class CitedSource:
    """A source in the page's list: its reference (HTML) and links as the revision froze them, and its present state.

    `marks` are the anchors of the markers in the text that cite the source.
    """

    number: int
    key: str
    reference: SafeString
    link: str
    evidence: str
    group: str
    archived_url: str
    archived_on: date | None
    retraction_state: str
    retraction_note: str
    # For the board only: readers see what an index or an editor says.
    reported_retraction: str
    marks: Sequence[str]


@dataclass(frozen=True)
class Recommended:
    """A product recommended beside the article, with its first picture if it has one."""

    name: str
    slug: str
    audience: str
    tagline: str
    shop_url: str
    picture: ProductPicture | None
    needs_fda_statement: bool


@dataclass(frozen=True)
class Chronicle:
    """The publication history of an article up to and including the text that a page shows.

    `published` is the aware time of the first publication, and `updated` that of this text if it came later; `version`
    counts the publications. `corrections` has, for each correction, the time, the note, and the time at which the note
    was itself corrected (None if never), the latest first.
    """

    published: datetime | None = None
    updated: datetime | None = None
    version: int = 0
    corrections: Sequence[tuple[datetime, str, datetime | None]] = ()


NEVER_READ = Chronicle()


@dataclass(frozen=True)
class ArticlePage:
    """The content of a page that shows one revision. Missing values are empty or None.

    `number` and `digest` are those of the revision, and `words` and `minutes` its length and reading time.
    `description` is for search engines, `contents` is the table of contents, and `mix` the sources by group of
    evidence. `last_full_review` is the aware time of the newest approval. For the other times, see `Chronicle`.
    """

    title: str
    standfirst: str
    messages: Sequence[str]
    description: str
    disclosure: str
    hero: FieldFile
    hero_alt: str
    hero_caption: str
    hero_credit: str
    body: SafeString
    safety_note: SafeString
    contents: Sequence[Mapping[str, str | int]]
    words: int
    minutes: int
    sources: Sequence[CitedSource]
    mix: Sequence[Share]
    bylines: Sequence[Byline]
    topics: Sequence[Topic]
    products: Sequence[Recommended]
    number: int
    digest: str
    approval: Approval | None
    signatories: Sequence[Signatory]
    last_full_review: datetime | None
    renewed_by: Sequence[Signatory]
    published: datetime | None
    updated: datetime | None
    version: int
    corrections: Sequence[tuple[datetime, str, datetime | None]]
    next_review: datetime | None = None

    @property
    def is_review_overdue(self) -> bool:
        """Return whether the date of the next review has passed."""
        return self.next_review is not None and self.next_review < timezone.now()

    @property
    def fda_products(self) -> Sequence[Recommended]:
        """Return the products beside which the statement of 21 CFR 101.93(c) has to be shown."""
        return [product for product in self.products if product.needs_fda_statement]


def page_of(
    revision: Revision, *, publication: Publication | None = None, approval: Approval | None = None
) -> ArticlePage:
    """Return the page of a revision.

    For readers, `publication` is the one in force; its approval says who reviewed the text. For a preview, it is None,
    and `approval` is the revision's approval, if any. Nothing is stored: if the stored rendering is missing or was made
    by older code, the text is rendered for this page alone. Raise ValidationError then for HTML that cannot be
    sanitised.
    """
    if publication is not None:
        approval = publication.approval
    citations = list(revision.citations.select_related("source").only("source", *_OF_CITATIONS))
    signed = Signatory.objects.filter(approval__revision=revision).select_related("approval")
    signatures = list(signed.order_by("-approval__approved_at", "-approval_id", "position"))
    latest = signatures[0].approval if signatures else None
    topics = list(Topic.objects.filter(articles=revision.article_id))
    next_review = latest.approved_at + timedelta(days=interval_of(topics)) if latest and publication else None
    return assemble(
        revision,
        citations=citations,
        rendering=rendering_of(revision, citations),
        bylines=list(revision.bylines.select_related("author")),
        topics=topics,
        products=recommended(revision.article_id),
        approval=approval,
        signatories=[row for row in signatures if approval and row.approval_id == approval.pk],
        last_full_review=latest.approved_at if latest else None,
        # A renewal may be signed by other people than the approval of the publication.
        renewed_by=[row for row in signatures if row.approval == latest and latest != approval],
        chronicle=_chronicle(revision, publication) if publication else NEVER_READ,
        next_review=next_review,
    )


def assemble(
    revision: Revision,
    *,
    citations: Sequence[Citation],
    rendering: Rendering | Rendered,
    bylines: Sequence[Byline],
    topics: Sequence[Topic],
    products: Iterable[Product],
    approval: Approval | None = None,
    signatories: Sequence[Signatory] = (),
    last_full_review: datetime | None = None,
    renewed_by: Sequence[Signatory] = (),
    chronicle: Chronicle = NEVER_READ,
    next_review: datetime | None = None,
) -> ArticlePage:
    """Return the page made of these parts, without a query. `articles.previews` passes parts that are not stored."""
    states = {citation.number: citation.source.retraction_state for citation in citations}
    return ArticlePage(
        title=revision.title,
        standfirst=revision.standfirst,
        messages=revision.messages,
        description=revision.search_description or revision.standfirst,
        disclosure=revision.disclosure,
        hero=revision.hero_image,
        hero_alt=revision.hero_alt,
        hero_caption=revision.hero_caption,
        hero_credit=revision.hero_credit,
        # Safe as HTML because articles.rendering sanitises its output, whatever the revision contains.
        body=mark_safe(with_warnings(rendering.body, states)),
        safety_note=mark_safe(with_warnings(rendering.safety_note, states)),
        contents=[heading for heading in rendering.headings if heading["level"] == 2 and heading["text"]],
        words=rendering.words,
        minutes=max(1, round(rendering.words / WORDS_A_MINUTE)),
        sources=[_cited(citation, rendering.marks.get(citation.key, ())) for citation in citations],
        mix=mix([citation.evidence for citation in citations]),
        bylines=bylines,
        topics=topics,
        products=[_recommended(product) for product in products],
        number=revision.number,
        digest=revision.digest,
        approval=approval,
        signatories=signatories,
        last_full_review=last_full_review,
        renewed_by=renewed_by,
        published=chronicle.published,
        updated=chronicle.updated,
        version=chronicle.version,
        corrections=chronicle.corrections,
        next_review=next_review,
    )


def rendering_of(revision: Revision, citations: Sequence[Citation]) -> Rendering | Rendered:
    """Return the stored rendering if the current code made it, else render the revision without storing the result."""
    kept: Rendering | None = getattr(revision, "rendering", None)
    if kept is not None and kept.renderer == RENDERER:
        return kept
    return render(revision.body, revision.safety_note, *numbers_and_tips(citations))


def teasers(at: datetime) -> QuerySet[Publication]:
    """Return the publications that readers see at the aware time `at`, newest first, with the facts that lists show.

    Titles are those of the published revisions (`publication.approval.revision`); `slug` is the article's.
    """
    return (
        Publication.objects.visible(at)
        .annotate(slug=F("article__slug"))
        .select_related("approval__revision")
        .defer("approval__revision__body", "approval__revision__safety_note")
        .prefetch_related("approval__revision__bylines")
        .order_by("-starts_at", "-pk")
    )


def _cited(citation: Citation, marks: Sequence[str]) -> CitedSource:
    """Return a citation for the list: its frozen reference and links, and the present state of its source."""
    return CitedSource(
        number=citation.number,
        key=citation.key,
        # Safe as HTML because sources.references escapes everything that people typed and adds only `em`.
        reference=mark_safe(citation.reference),
        link=_safe(citation.link),
        evidence=evidence_label(citation.evidence),
        group=group_of(citation.evidence),
        archived_url=_safe(citation.archived_url),
        archived_on=citation.archived_on,
        retraction_state=citation.source.retraction_state,
        retraction_note=citation.source.retraction_note,
        reported_retraction=citation.source.reported_retraction,
        marks=marks,
    )


def recommended(article_id: int) -> QuerySet[Product]:
    """Return the products recommended for an article that are on sale, in the shop's order. Makes two queries."""
    return (
        Product.objects.on_sale()
        .filter(recommendations__article=article_id)
        .order_by("recommendations__position", "recommendations__pk")
        .prefetch_related("pictures")
    )


def _recommended(product: Product) -> Recommended:
    pictures = list(product.pictures.all())
    return Recommended(
        name=product.name,
        slug=product.slug,
        audience=product.get_audience_display(),
        tagline=product.tagline,
        shop_url=_safe(product.shop_url),
        picture=pictures[0] if pictures else None,
        needs_fda_statement=product.needs_fda_statement,
    )


def _safe(address: str) -> str:
    """Return the URL if it is safe to link to, else an empty string."""
    return address if clean_link(address) else ""


def _chronicle(revision: Revision, publication: Publication) -> Chronicle:
    """Return the history up to this publication's start. Makes one query.

    Reinstatements and renewals do not count as updates.
    """
    started = Publication.objects.filter(
        article=revision.article_id, cancelled_at=None, starts_at__lte=publication.starts_at
    )
    rows = list(
        with_notices(started)
        .order_by("starts_at")
        .values_list("starts_at", "approval__revision", "kind", "note_now", "note_corrected_at")
    )
    first, this_text = rows[0][0], min(at for at, shown, *_ in rows if shown == revision.pk)
    return Chronicle(
        published=first,
        updated=this_text if this_text != first else None,
        version=len(rows),
        corrections=[
            (at, note, corrected)
            for at, _, kind, note, corrected in reversed(rows)
            if kind == ChangeKind.CORRECTION and note
        ],
    )
