"""The panels beside an article's form that other apps add (articles.signals.side_panels_wanted)."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from articles.models import Article
from articles.signals import side_panels_wanted


@dataclass(frozen=True)
class SidePanel:
    """A template with its context, shown beside an article's form. Panels with a lower rank are higher on the page.

    `stylesheet` is the path of a static file that the panel needs, or empty.
    """

    template: str
    context: Mapping[str, object] = field(default_factory=dict)
    rank: int = 50
    stylesheet: str = ""


@dataclass(frozen=True)
class RenderedPanel:
    """A side panel as HTML, with the stylesheet that it needs."""

    html: SafeString
    stylesheet: str


def side_panels_of(article: Article, request: HttpRequest) -> list[RenderedPanel]:
    """Return the side panels that all apps add to this article's form for the requesting user, sorted by rank."""
    answers = side_panels_wanted.ask(sender=Article, article=article, request=request)
    panels = sorted((panel for found in answers for panel in found), key=lambda panel: (panel.rank, panel.template))
    return [
        RenderedPanel(render_to_string(panel.template, dict(panel.context), request), panel.stylesheet)
        for panel in panels
    ]
