"""STR09: checks that each link leads readers to a page that they can open."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from django.utils.translation import gettext_noop as _

from checks.preflight.draft import Draft
from checks.preflight.findings import Finding, Level, translated
from checks.preflight.structure import outline
from core.slugs import heading_anchor

# Anchors that the page has apart from its headings. Those of its templates are in camel case, such as “safetyTitle”.
PAGE_ANCHORS = {"contents", "sources", "experts", "safety", "products", "newsletter", "main", "record", "top"}
_OTHER_ANCHOR = re.compile(r"(?:source-\d+|mark-\d+-\d+|[a-z]+(?:[A-Z][a-z]+)+)\Z", re.ASCII)
_NUMBER = re.compile(r"-\d+\Z", re.ASCII)

# Hosts whose pages only their owner, a team or an institution can open.
_PRIVATE_HOSTS = re.compile(
    r"(?:\A|\.)(?:(?:mail|drive)\.google\.com|onedrive\.live\.com|1drv\.ms|sharepoint\.com|outlook\.live\.com"
    r"|outlook\.office(?:365)?\.com|mail\.yahoo\.com|idm\.oclc\.org)\Z"
    r"|(?:\A|\.)(?:ezproxy[\w-]*|eproxy|libproxy|proxy\.lib(?:rary)?)\.",
    re.ASCII,
)
_PUBLISHED = re.compile(r"/(?:pub|pubhtml|viewform)\b|\A/(?:gview|viewer)\b")
_FORWARDING_HOSTS = re.compile(r"(?:www\.)?google(?:\.[a-z]{2,3}){1,2}\Z|.+\.safelinks\.protection\.outlook\.com\Z")


def links_lead_somewhere(draft: Draft) -> Iterator[Finding]:
    """Yield a finding (STR09) for each address that readers cannot open, that is not on the page or only forwards.

    An address that only forwards readers is a warning, the others are blockers. Links without an address need no check:
    the sanitiser leaves only their words.
    """
    texts = {"body": draft.body, "safety_note": draft.safety_note}
    anchors = {heading_anchor(words) for html in texts.values() for _level, words in outline(html).headings}
    for name, html in texts.items():
        for address in dict.fromkeys(address for address, _words in outline(html).links):
            if address.startswith("#"):
                if not _is_on_page(address[1:], anchors):
                    message = translated(_("A link leads to a place that is not on the page."))
                    hint = translated(_("Link to a heading of the article or cite the source, or remove the link."))
                    yield Finding("STR09", Level.BLOCKER, message, hint, address, name)
            elif _is_private(address):
                message = translated(_("A link leads to a page that readers cannot open."))
                hint = translated(_("Link to a public page, or remove the link."))
                yield Finding("STR09", Level.BLOCKER, message, hint, address, name)
            elif _forwards(address):
                message = translated(_("A link leads to a page that only forwards the reader."))
                hint = translated(_("Use the address that it forwards to."))
                yield Finding("STR09", Level.WARNING, message, hint, address, name)


def _is_on_page(anchor: str, headings: set[str]) -> bool:
    """Return whether the page has the anchor. `headings` are the anchors of its headings without their numbers."""
    if anchor in PAGE_ANCHORS or anchor in headings or _OTHER_ANCHOR.match(anchor):
        return True
    base = _NUMBER.sub("", anchor)
    return base in headings or base in PAGE_ANCHORS


def _is_private(address: str) -> bool:
    host, path = _parts(address)
    if host == "docs.google.com":
        return not _PUBLISHED.search(path)
    if host.removeprefix("www.") == "zotero.org":
        return path.startswith("/google-docs")
    if not host:
        return path.startswith(("/admin/", "/board/"))
    return bool(_PRIVATE_HOSTS.search(host))


def _forwards(address: str) -> bool:
    host, path = _parts(address)
    return bool(_FORWARDING_HOSTS.match(host)) and ("safelinks" in host or path == "/url")


def _parts(address: str) -> tuple[str, str]:
    """Return the host, in lower case and empty for an address of this site, and the path of an address."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return "", ""
    return (parts.hostname or "") if parts.scheme != "mailto" else "mailto", parts.path


CHECKS = (links_lead_somewhere,)
