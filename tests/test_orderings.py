"""Nothing is ordered by a bare foreign key: Django would follow the other model's Meta.ordering, perhaps reversed.

`order_by("-submission")` gives the oldest submission first, because Submission.Meta.ordering begins with a descending
field. `submission_id` and `submission__submitted_at` say what is meant.
"""

import ast
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.contrib import admin
from django.core.exceptions import FieldDoesNotExist
from django.db.models import F, Model
from django.db.models.constants import LOOKUP_SEP

from advisors.models import Comment, Review
from articles.models import Revision
from tests.test_architecture import MAY_IMPORT, MAY_IMPORT_ALL, files, source

MODELS = [model for model in apps.get_models(include_auto_created=True) if model._meta.app_label in MAY_IMPORT]
# The names of relations in all models, from either side.
RELATIONS = {
    field.name for model in MODELS for field in model._meta.get_fields(include_hidden=True) if field.is_relation
}
ORDERING_CALLS = {"order_by", "latest", "earliest"}


def follows_another_ordering(model: type[Model], name: object) -> bool:
    """Return whether this item of an ordering of `model` ends in a relation, by the relation's own name.

    An expression such as F("submission") names the column and does not follow the other model's ordering.
    """
    if not isinstance(name, str):
        return False
    *way, last = name.lstrip("-").split(LOOKUP_SEP)
    try:
        for step in way:
            model = model._meta.get_field(step).related_model
        field = model._meta.get_field(last)
    except (FieldDoesNotExist, AttributeError):
        return False  # "pk", a transform, or an annotation
    return field.is_relation and getattr(field, "attname", "") != last


def names_in_source(text: str) -> Iterator[str]:
    """Yield the names in calls such as `order_by` of a source that are names of relations in some model."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in ORDERING_CALLS:
            for value in node.args:
                name = value.value if isinstance(value, ast.Constant) else None
                if isinstance(name, str) and name.lstrip("-").split(LOOKUP_SEP)[-1] in RELATIONS:
                    yield name


def sorts_backwards(model: type[Model], column: object) -> bool:
    """Return whether a click on this column of a list sorts by a relation whose own ordering is descending."""
    if not follows_another_ordering(model, column):
        return False
    for step in column.lstrip("-").split(LOOKUP_SEP):
        model = model._meta.get_field(step).related_model
    return str(next(iter(model._meta.ordering), "")).startswith("-")


def columns(page: admin.ModelAdmin) -> Iterator[object]:
    """Yield what the columns of a list are sorted by."""
    for column in page.list_display:
        method = column if callable(column) else getattr(page, column, None)
        yield getattr(method, "admin_order_field", None) if callable(method) else column


def test_no_model_is_ordered_by_a_bare_foreign_key():
    found = [(model._meta.label, name) for model in MODELS for name in (*model._meta.ordering, *_latest_by(model))]
    assert [(label, name) for label, name in found if follows_another_ordering(apps.get_model(label), name)] == []


def _latest_by(model: type[Model]) -> tuple[str, ...]:
    names = model._meta.get_latest_by or ()
    return (names,) if isinstance(names, str) else tuple(names)


def test_no_page_of_the_admin_is_ordered_by_a_bare_foreign_key():
    pages = [page for page in admin.site._registry.values() if page.model in MODELS]
    pages += [inline for page in pages for inline in page.inlines]
    found = [(page.model._meta.label, name) for page in pages for name in page.ordering or ()]
    assert [(label, name) for label, name in found if follows_another_ordering(apps.get_model(label), name)] == []


def test_no_column_of_the_admin_sorts_backwards():
    """A column may follow the other model's order, such as a user's name, unless that is a descending one."""
    pages = [page for page in admin.site._registry.values() if page.model in MODELS]
    found = [(page.model._meta.label, column) for page in pages for column in columns(page)]
    assert [(label, name) for label, name in found if sorts_backwards(apps.get_model(label), name)] == []
    assert sorts_backwards(Review, "submission") and not sorts_backwards(Review, "advisor")


def test_no_query_is_ordered_by_a_bare_foreign_key():
    """The source does not show which model is queried, so the name of any model's relation is refused."""
    found = {path: list(names_in_source(source(path))) for path in files(*MAY_IMPORT, *MAY_IMPORT_ALL)}
    assert {path: names for path, names in found.items() if names} == {}


@pytest.mark.parametrize(
    ("model", "name"),
    [
        (Review, "submission"),
        (Review, "-submission"),
        (Comment, "review__submission"),
        (Revision, "submissions"),
        (Review, "submission__article"),
    ],
)
def test_a_bare_foreign_key_is_found(model, name):
    assert follows_another_ordering(model, name)
    assert list(names_in_source(f"rows.filter(pk=1).order_by('pk', {name!r}).first()")) == [name]


@pytest.mark.parametrize(
    "name", ["pk", "-pk", "submission_id", "-submission__pk", "submission__submitted_at", "-verdict_at", "nothing"]
)
def test_a_column_is_left_alone(name):
    assert not follows_another_ordering(Review, name)
    assert list(names_in_source(f"rows.order_by({name!r})")) == []


def test_an_expression_is_left_alone():
    assert not follows_another_ordering(Review, F("submission").desc())
    assert list(names_in_source("rows.order_by(F('submission').desc())")) == []
