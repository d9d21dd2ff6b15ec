"""CIT: do the marks lead to sources that can be found and trusted."""

from collections.abc import Iterator

from articles.citations import number, unknown_keys
from articles.preflight.draft import Draft
from articles.preflight.findings import Finding, Level


def marks_have_sources(draft: Draft) -> Iterator[Finding]:
    """CIT04: a mark whose source is not attached; an attached source that nothing cites."""
    texts = (draft.body, draft.safety_note)
    attached = {source.key for source in draft.sources}
    for key in unknown_keys(texts, attached):
        yield Finding(
            "CIT04",
            Level.BLOCKER,
            f"The text cites “{key}”, which is not among the article's sources.",
            "Attach the source, or take the mark out.",
            key,
        )
    cited = number(texts, attached)
    for source in draft.sources:
        if source.key not in cited:
            yield Finding(
                "CIT04",
                Level.WARNING,
                f"The source “{source.key}” is attached and nowhere cited.",
                "Cite it where it belongs, or take it off the list.",
                source.key,
            )


def sources_stand(draft: Draft) -> Iterator[Finding]:
    """CIT05: a cited source is retracted; a concern about it was published."""
    cited = number((draft.body, draft.safety_note), {source.key for source in draft.sources})
    for source in draft.sources:
        if source.key in cited and source.retraction == "retracted":
            yield Finding(
                "CIT05",
                Level.BLOCKER,
                f"The source “{source.key}” has been retracted.",
                "Rest the statement on other evidence, or take it out.",
                source.key,
            )
        elif source.key in cited and source.retraction == "concern":
            yield Finding(
                "CIT05",
                Level.WARNING,
                f"Its journal has published an expression of concern about “{source.key}”.",
                "Look whether the statement still stands.",
                source.key,
            )


def sources_can_be_found(draft: Draft) -> Iterator[Finding]:
    """CIT06: a source without a title, or with none of DOI, PMID, URL; an address without a date of access."""
    for source in draft.sources:
        if not source.title.strip():
            yield Finding(
                "CIT06", Level.BLOCKER, f"The source “{source.key}” has no title.", "Give it one.", source.key
            )
        if not (source.doi or source.pmid or source.url):
            yield Finding(
                "CIT06",
                Level.BLOCKER,
                f"The source “{source.key}” cannot be looked up.",
                "Add its DOI, its PMID or its address.",
                source.key,
            )
        elif not (source.doi or source.pmid or source.dated):
            yield Finding(
                "CIT06",
                Level.BLOCKER,
                f"The source “{source.key}” is an address without the day it was read.",
                "Add the date of access.",
                source.key,
            )


CHECKS = (marks_have_sources, sources_stand, sources_can_be_found)
