"""Fields that the admin, a form or a history shows have a translatable name of their own.

Django derives a missing `verbose_name` from the attribute's name, in English and outside gettext.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.contrib.admin.options import BaseModelAdmin
from django.contrib.admin.utils import flatten_fieldsets
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Field, Model
from django.forms import ModelForm
from django.test import RequestFactory
from django.urls import get_resolver
from django.utils.functional import Promise
from simple_history.utils import get_history_manager_for_model

from accounts.models import User


def shown_fields() -> set[Field]:
    """Return the fields of our models that somebody may see by name."""
    get_resolver().url_patterns  # noqa: B018 -- imports all forms and admins
    names = [*_in_the_admin(), *_in_forms(), *_in_histories()]
    return {field for model, of_model in names if _is_ours(model) for field in _fields(model, of_model)}


def _in_the_admin() -> Iterator[tuple[type[Model], Iterable]]:
    request = RequestFactory().get("/")
    request.user = User(is_active=True, is_staff=True, is_superuser=True)
    for model, page in admin.site._registry.items():
        if not _is_ours(model):
            continue
        filters = (one[0] if isinstance(one, tuple) else one for one in page.get_list_filter(request))
        yield model, [*page.get_list_display(request), *filters]
        for part in (page, *page.get_inline_instances(request)):
            for row in (None, model()):
                yield part.model, _of_form(part, request, row)


def _of_form(part: BaseModelAdmin, request: object, row: Model | None) -> list:
    return [*flatten_fieldsets(part.get_fieldsets(request, row)), *part.get_readonly_fields(request, row)]


def _in_forms(form: type = ModelForm) -> Iterator[tuple[type[Model], Iterable]]:
    for one in form.__subclasses__():
        if (model := one._meta.model) is not None:
            yield model, one.base_fields
        yield from _in_forms(one)


def _in_histories() -> Iterator[tuple[type[Model], Iterable]]:
    for model in apps.get_models():
        if hasattr(model._meta, "simple_history_manager_attribute"):
            history = get_history_manager_for_model(model).model
            yield model, [field.name for field in (*history.tracked_fields, *history._history_m2m_fields)]


def _is_ours(model: type[Model]) -> bool:
    label = model._meta.app_label  # of no installed app, if a test has defined the model
    return label in apps.app_configs and Path(apps.app_configs[label].path).parent == Path(settings.BASE_DIR)


def _fields(model: type[Model], names: Iterable) -> Iterator[Field]:
    for name in names:
        try:
            field = model._meta.get_field(name)
        except (FieldDoesNotExist, TypeError):  # a column or a form field that is no field of the model
            continue
        if field.concrete and not field.auto_created:
            yield field


def test_every_field_that_is_shown_has_a_translatable_name():
    fields = shown_fields()
    assert len(fields) > 200
    assert sorted(str(field) for field in fields if not isinstance(field.verbose_name, Promise)) == []
