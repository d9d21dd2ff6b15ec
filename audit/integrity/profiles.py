"""Checks of models with a history (profiles, topics, sources, pictures, products): each row equals its newest entry.

Every save adds to the history (django-simple-history), so a row that differs from its newest entry was changed without
a save.
"""

from collections.abc import Iterator

from django.db.models import Max, Model

from advisors.models import Advisor, ChecklistItem
from articles.models import Author, Topic
from audit.integrity.faults import Fault
from pictures.models import Picture
from products.models import Product
from sources.models import Source

MODELS: tuple[type[Model], ...] = (Author, Advisor, Topic, ChecklistItem, Picture, Product, Source)
BATCH = 500


def faults() -> Iterator[Fault]:
    """Yield a fault for each column value that differs from the newest history entry of its row.

    Makes two queries for each batch of rows.
    """
    for model in MODELS:
        yield from _faults_of(model)


def _faults_of(model: type[Model]) -> Iterator[Fault]:
    past = model.history.model  # type: ignore[attr-defined]
    fields = {field.attname: field.name for field in model._meta.concrete_fields}
    after = 0
    while rows := list(model._default_manager.filter(pk__gt=after).order_by("pk").values(*fields)[:BATCH]):
        after, keys = rows[-1]["id"], [row["id"] for row in rows]
        newest = past.objects.filter(id__in=keys).order_by().values("id").annotate(newest=Max("history_id"))
        entries = past.objects.filter(history_id__in=newest.values("newest")).values(*fields)
        known = {entry["id"]: entry for entry in entries}
        for row in rows:
            entry = known.get(row["id"])
            for column, name in fields.items():
                if entry is not None and entry[column] != row[column]:
                    yield Fault(_named(model, row), f"its {name} was changed past its history")


def _named(model: type[Model], row: dict) -> str:
    title = row.get("name") or row.get("title") or row.get("question") or row["id"]
    return f"{model._meta.verbose_name} {title}"
