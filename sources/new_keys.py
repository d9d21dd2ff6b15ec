"""Make the citation keys of new sources, so that nobody has to invent one."""

from collections.abc import Callable, Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from sources.importers.mapping import FIELDS, item_of, proposed_key
from sources.models import Source, Work

MOST_TRIES = 5
RULE = _(
    "Left empty, it is made from the first author and the year, such as “abbasi2012”, or “abbasi2012a” if that one is "
    "taken. It cannot change once a revision cites the source."
)


def free_key(source: Source | Mapping[str, Any]) -> str:
    """Return a key that no source has, made from the fields of a source, or of a mapping that may lack some of them."""
    held = source if isinstance(source, Mapping) else {name: getattr(source, name) for name in FIELDS}
    blank = {"work": Work.JOURNAL_ARTICLE, "year": None, "published_on": None, "accessed_on": None, "archived_on": None}
    item = item_of({**dict.fromkeys(FIELDS, ""), **blank, **held, "key": ""})
    stem = proposed_key(item, ())
    return proposed_key(item, set(Source.objects.filter(key__startswith=stem).values_list("key", flat=True)))


def save_with_key(source: Source, save: Callable[[], object] | None = None) -> Source:
    """Save a source and return it. Without a key, it gets a free one, even if others are saved at the same time.

    `save` saves it; by default, `source.save`. Raise IntegrityError if the database refuses the source for another
    reason than its key.
    """
    save = save or source.save
    if source.key:
        save()
        return source
    tries = 0
    while True:
        tries += 1
        source.key = free_key(source)
        try:
            with transaction.atomic():
                save()
        except IntegrityError:
            is_taken = Source.objects.filter(key=source.key).exists()
            source.key = ""
            if tries == MOST_TRIES or not is_taken:
                raise
        else:
            return source
