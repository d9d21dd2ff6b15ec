"""Collect the URLs to check: those of sources, and those in live articles."""

from articles.cited_sources.own_links import check_own, own_path
from articles.models import LinkInText, Publication
from sources.link_checks import LONGEST_ADDRESS, create_missing_links, is_watchable, links_in, source_addresses
from sources.models import Link


def gather() -> set[str]:
    """Store the links of sources and live articles, check links to our own articles, and return the other URLs.

    The URLs of merged sources are left out. Missing rows are created; a link that is no longer used keeps its row and
    its history. Links to our own articles are checked against the database.
    """
    uses: set[tuple[str, int]] = set()
    own: set[tuple[str, int]] = set()
    revision = "approval__revision"
    texts = Publication.objects.visible().values_list(revision, f"{revision}__body", f"{revision}__safety_note")
    for key, *parts in texts.iterator(100):
        for address in (address for html in parts for address in links_in(html)):
            if path := own_path(address):
                own.add((path, key))
            elif address.startswith(("http://", "https://")):
                uses.add((address, key))
    wanted = {url for url in source_addresses() | {url for url, _ in uses} if is_watchable(url)}
    paths = {path for path, _ in own if len(path) <= LONGEST_ADDRESS}
    create_missing_links(wanted | paths)
    _note_texts({use for use in uses | own if use[0] in wanted | paths})
    check_own(paths)
    return wanted


def _note_texts(uses: set[tuple[str, int]]) -> None:
    """Store the pairs (URL, primary key of a revision that links to it) that are not stored yet."""
    noted = set(LinkInText.objects.values_list("link__url", "revision"))
    keys = dict(Link.objects.values_list("url", "pk"))
    rows = [LinkInText(link_id=keys[url], revision_id=revision) for url, revision in sorted(uses - noted)]
    LinkInText.objects.bulk_create(rows, 500, ignore_conflicts=True)
