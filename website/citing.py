"""The pages that give references in several styles: of an article, and of a source that it cites.

They are pages of their own, so that the article's page does not have to make references that few readers need.
"""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from articles.models import Citation, Publication
from articles.pages import page_of
from core.html import text_of
from core.public import public
from sources.citation_styles import STYLES, in_style
from sources.importers.mapping import item_of
from sources.importers.records import Csl
from website.how_to_cite import ACCESS_DAY, csl_of, how_to_cite
from website.withdrawn import last_withdrawn, notice_page


@dataclass(frozen=True)
class StyledReference:
    """A reference in one citation style, as plain text.

    `style` is the short name of the style for anchors, and `name` its name on screen. `day` is the part of the text
    that stands for the date of access, or "".
    """

    style: str
    name: str
    text: str
    day: str = ""

    @property
    def html(self) -> SafeString:
        """Return the text as HTML, in which `day` is marked so that static/js/copying.js can put today's date there."""
        if not self.day:
            return format_html("{}", self.text)
        before, day, after = self.text.partition(self.day)
        return format_html('{}<span data-today="{}">{}</span>{}', before, self.style, day, after)


@require_safe
@public(max_age=60, parameters=())
def article(request: HttpRequest, slug: str) -> HttpResponse:
    """Show how to cite a published article in each style.

    If it was withdrawn, respond 410 with the notice of withdrawal. Raise Http404 for any other article that readers
    cannot open now.
    """
    now = timezone.now()
    visible = Publication.objects.visible(now).select_related("approval__revision__rendering")
    publication = visible.filter(article__slug=slug).first()
    if publication is None:
        return notice_page(request, last_withdrawn(slug, now))
    page = page_of(publication.approval.revision, publication=publication)
    references = _references(how_to_cite(page, slug), csl_of(page, slug), ACCESS_DAY)
    context = {"slug": slug, "title": page.title, "heading": gettext("Cite this article"), "references": references}
    return render(request, "website/citing.html", context)


@require_safe
@public(max_age=60, parameters=())
def source(request: HttpRequest, slug: str, citation_key: str) -> HttpResponse:
    """Show the references of one source of a published article in each style.

    The AMA reference is the one in the article's list. If the article was withdrawn, respond 410 with the notice of
    withdrawal. Raise Http404 for a source that the article does not cite, and for any other article that readers cannot
    open now.
    """
    now = timezone.now()
    publication = (
        Publication.objects.visible(now).select_related("approval__revision").filter(article__slug=slug).first()
    )
    withdrawn = last_withdrawn(slug, now) if publication is None else None
    revision = (publication or withdrawn).approval.revision
    citation = get_object_or_404(Citation.objects.select_related("source"), revision=revision, key=citation_key)
    if withdrawn is not None:
        return notice_page(request, withdrawn)
    context = {
        "slug": slug,
        "title": revision.title,
        "heading": gettext("Cite source %(number)s") % {"number": citation.number},
        "retraction_state": citation.source.retraction_state,
        "references": _references(text_of(citation.reference), item_of(citation.source)),
        "anchor": f"source-{citation.number}",
    }
    return render(request, "website/citing.html", context)


def _references(ama: str, item: Csl, day: str = "") -> list[StyledReference]:
    """Return the AMA reference, and those that the styles make of a CSL-JSON item.

    `day` is the placeholder for the date of access, which AMA style puts in brackets. Without `day`, the item's own
    date is used, if it has one.
    """
    references = [StyledReference("ama", "AMA", ama, f"[{day}]" if day else "")]
    for name, style in STYLES.items():
        own_day = day if style.always_dates_access else ""
        dated = {**item, "accessed": {"literal": day}} if own_day else item
        references.append(StyledReference(name, style.name, in_style(dated, name), own_day))
    return references
