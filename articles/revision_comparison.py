"""Turn stored revisions into the versions that the app `comparison` compares."""

import re
from html import unescape

from django.db import models

from articles.models import Content, Revision
from comparison.versions import Comparison, FieldKind, TextVersion, compare
from core.db.own_fields import own_field
from core.fields import HtmlField

_EM = re.compile(r"</?em>")


def kind_of(field: models.Field) -> FieldKind:
    """Return how a content field is compared."""
    if isinstance(field, HtmlField):
        return FieldKind.HTML
    return FieldKind.VALUE if isinstance(field, models.FileField) else FieldKind.TEXT


KINDS = {field.name: kind_of(field) for field in Content._meta.fields}


def label(name: str) -> str:
    """Return the label of a content field, such as “Safety note”."""
    words = str(own_field(Content, name).verbose_name)
    return words[:1].upper() + words[1:]


def version_of(revision: Revision) -> TextVersion:
    """Return a revision as one side of a comparison. Prefetch `citations` and `bylines` for several revisions."""
    return TextVersion(
        texts=revision.content(),
        kinds=KINDS,
        sources={row.key: unescape(_EM.sub("", row.reference)) for row in revision.citations.all()},
        byline=[str(row) for row in revision.bylines.all()],
    )


def between(old: Revision, new: Revision) -> Comparison:
    """Return the changes from the old revision to the new one."""
    return compare(version_of(old), version_of(new))
