"""Signals that let other apps add sections and links to the public pages. This app does not import those apps."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.dispatch import Signal

from articles.signals import AskingSignal


@dataclass(frozen=True)
class PageLink:
    """A link that another app adds to a page: its text (`words`), its path, and whether it leads to a file to save."""

    words: str
    path: str
    is_file: bool = True


# Question: which files belong to these versions of an article? Arguments: slug, publications (for the primary key of
# each, whether its text is withheld from readers). Answer: the links of each that has some, by its primary key.
version_files_wanted = AskingSignal[dict[int, list[PageLink]]]()


def version_files(slug: str, publications: Mapping[int, bool]) -> dict[int, list[PageLink]]:
    """Return the links that other apps add to the versions of an article (version_files_wanted), by publication.

    `publications` maps the primary key of each publication to whether its text is withheld.
    """
    answers = version_files_wanted.ask(sender=PageLink, slug=slug, publications=publications)
    return {pk: links for answer in answers for pk, links in answer.items()}


# Asks for the sections at the end of the first page of the homepage. Arguments: none. Answer: a list of
# core.page_sections.PageSection.
homepage_sections_wanted = Signal()
