"""The links to signed records on the website's pages, which ask for them with a signal."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from audit import records
from website.signals import PageLink, version_files_wanted


def links(sender: type | None, slug: str, publications: Mapping[int, bool], **kwargs: Any) -> dict[int, list[PageLink]]:
    """Receive version_files_wanted: return the links to the files of each signed version, by publication.

    `publications` maps the primary key of each publication to whether its text is withheld. If it is, there are no
    links to the approved bytes and the rendered text. Makes one query.
    """
    numbers = dict(records.valid().filter(publication__in=publications).values_list("publication", "number"))
    found = {}
    for publication, number in numbers.items():
        kinds = [("record", _("Signed record")), ("names", _("Names of the scientists"))]
        if not publications[publication]:
            kinds[1:1] = [("content", _("Approved bytes")), ("body", _("Rendered text"))]
        rows = [PageLink(words, reverse(f"audit:{kind}", args=[slug, number])) for kind, words in kinds]
        how = PageLink(_("What this proves, and how"), reverse("audit:how_to_check"), is_file=False)
        found[publication] = [*rows, PageLink(_("Program to check them"), reverse("audit:program")), how]
    return found


version_files_wanted.connect(links, dispatch_uid="signed-records")
