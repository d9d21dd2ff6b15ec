"""A forged POST of any field or inline changes nothing that the role's own form does not offer.

This covers every page of the admin and every role that may add or change there. The page's own form is sent twice: as
it is, and with a value for every column that it does not offer and for every inline that a superuser would have.
"""

import logging
import re
import tempfile
from collections.abc import Callable

import pytest
from django.contrib import admin
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import connection, models, transaction
from django.test import TestCase, override_settings
from django.urls import reverse
from django.utils import timezone

from articles.models import Article
from tests.access.asking import Undo
from tests.access.scene import build
from tests.access.sending import changed
from tests.access.test_table import QUICK
from tests.admin_forms import WebForm, forms_of
from tests.mailing import QUEUE

pytestmark = pytest.mark.sqlite_is_enough

WHO = ("own", "other", "asked", "unasked", "editor", "super")
# Rows that any save may add: they record what was done and by whom, and nobody else reads them.
NAME = re.compile(r'<(?:input|select|textarea)[^>]*\bname="([^"]+)"')
JOURNALS = ("django_admin_log", "django_session", "_historical", "articles_revision", "articles_rendering")


class ForgedForms(TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        media = tempfile.TemporaryDirectory()
        cls.enterClassContext(override_settings(MEDIA_ROOT=media.name, PASSWORD_HASHERS=QUICK, EMAIL_BACKEND=QUEUE))
        super().setUpClass()
        cls.media = media.name
        cls.addClassCleanup(media.cleanup)
        cls.addClassCleanup(logging.disable, logging.root.manager.disable)
        logging.disable(logging.CRITICAL)

    @classmethod
    def setUpTestData(cls) -> None:
        cls.scene = build()

    def setUp(self) -> None:
        self.enterContext(override_settings(MEDIA_ROOT=self.media, EMAIL_BACKEND=QUEUE))

    def form(self, role: str, address: str, name: str) -> tuple[WebForm | None, set[str]]:
        """Return the form of the page as this role sees it, and the names of all its fields, ticked or not."""
        page = self.scene.client(role).get(address)
        if page.status_code != 200:
            return None, set()
        names = {found.removesuffix("_0").removesuffix("_1") for found in NAME.findall(page.content.decode())}
        return next((form for form in forms_of(page) if form.name == name), None), names

    def sent(self, role: str, address: str, data: dict, look: Callable[[], dict]) -> tuple[int, dict, dict]:
        """Send the form; return the status, the row that `look` finds and the number of rows of each table.

        Everything is rolled back.
        """
        found: list = []
        try:
            with transaction.atomic():
                status = self.scene.client(role).post(address, data).status_code
                found = [status, look(), counts()]
                raise Undo
        except Undo:
            return tuple(found)

    def beyond_the_form(
        self, role: str, address: str, row: models.Model, look: Callable[[], dict], fill: Callable[[WebForm], WebForm]
    ) -> list[str] | None:
        """Return the columns of the row and the tables that a forged sending of this role's form changes and an honest
        one does not.

        Return None if the role can send nothing here; the table of access says so.
        """
        name = f"{row._meta.model_name}_form"
        everything, _ = self.form("super", address, name)
        form, offered = self.form(role, address, name)
        if form is None:
            return None
        data = fill(form).data
        honest = self.sent(role, address, data, look)
        if honest[0] != 302:
            return None
        forged = self.sent(role, address, {**beyond(form, offered, everything, row), **data}, look)
        changed = {column for column in honest[1] if forged[1].get(column) != honest[1].get(column)}
        changed -= {field.attname for field in row._meta.concrete_fields if field.name in offered}
        tables = {table for table in honest[2] if forged[2][table] != honest[2][table]}
        tables = {table for table in tables if not any(journal in table for journal in JOURNALS)}
        return sorted(changed - moments(row)) + sorted(tables)

    def test_what_a_form_does_not_offer_is_not_saved_by_it(self) -> None:
        wrong, saved = [], set()
        for model in admin.site._registry:
            row = self.scene.articles["draft"] if model is Article else first(model)
            if row is None:
                continue
            address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_change", args=[row.pk])
            for role in WHO:
                found = self.beyond_the_form(role, address, row, lambda row=row: columns(row), lambda form: form)
                if found is not None:
                    saved.add((role, model._meta.model_name))
                    wrong += [f"{role} on {model._meta.model_name}: {each}" for each in found]
        self.assertEqual(wrong, [])
        self.assertIn(("own", "article"), saved)
        self.assertIn(("editor", "product"), saved)
        self.assertGreater(len(saved), 12)

    def test_what_a_form_does_not_offer_is_not_added_by_it(self) -> None:
        wrong, saved = [], set()
        for model in admin.site._registry:
            address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_add")
            for role in WHO:
                found = self.beyond_the_form(role, address, model(), lambda model=model: newest(model), changed)
                if found is not None:
                    saved.add((role, model._meta.model_name))
                    wrong += [f"{role} adds {model._meta.model_name}: {each}" for each in found]
        self.assertEqual(wrong, [])
        self.assertIn(("own", "article"), saved)
        self.assertIn(("editor", "topic"), saved)
        self.assertGreater(len(saved), 8)


def first(model: type[models.Model]) -> models.Model | None:
    return model._default_manager.order_by("pk").first()


def columns(row: models.Model) -> dict[str, object]:
    """Return the row as the database has it now."""
    return type(row)._base_manager.filter(pk=row.pk).values().first() or {}


def newest(model: type[models.Model]) -> dict[str, object]:
    """Return the row that was added last, without its key.

    Of an unusable password, which is random, only the prefix is kept.
    """
    values = model._base_manager.order_by("-pk").values().first() or {}
    if str(values.get("password", "")).startswith(UNUSABLE_PASSWORD_PREFIX):
        values["password"] = UNUSABLE_PASSWORD_PREFIX
    return {column: value for column, value in values.items() if column != model._meta.pk.attname}


def moments(row: models.Model) -> set[str]:
    """Return the columns with times, which differ between two saves of the same data."""
    return {field.attname for field in row._meta.concrete_fields if isinstance(field, models.DateTimeField)}


def counts() -> dict[str, int]:
    """Return the number of rows of each table."""
    with connection.cursor() as cursor:
        names = connection.introspection.django_table_names(only_existing=True)
        found = {}
        for name in names:
            cursor.execute(f"SELECT COUNT(*) FROM {connection.ops.quote_name(name)}")
            found[name] = cursor.fetchone()[0]
    return found


def beyond(form: WebForm, offered: set[str], everything: WebForm | None, row: models.Model) -> dict[str, object]:
    """Return a value for each column that the form does not offer, and a row for each inline that it does not have."""
    forged: dict[str, object] = {}
    for field in row._meta.concrete_fields:
        if field.name not in offered and not field.primary_key:
            forged[field.name] = value_for(field)
            forged[f"{field.name}_0"], forged[f"{field.name}_1"] = "2020-01-01", "12:00"
    for relation in row._meta.many_to_many:
        if relation.name not in offered:
            forged[relation.name] = [other.pk for other in relation.related_model._default_manager.all()[:3]]
    for name, values in (everything.data if everything else {}).items():
        if name not in offered and "-" in name:
            filled = name.replace("__prefix__", "0")
            forged[filled] = "1" if name.endswith("TOTAL_FORMS") else (values if values != [""] else "1")
    return forged


def value_for(field: models.Field) -> object:
    """Return a value that this column could hold and does not."""
    if field.choices:
        return field.choices[-1][0]
    if isinstance(field, models.BooleanField):
        return "on"
    if isinstance(field, models.DateField):
        return timezone.now().isoformat()
    if isinstance(field, models.ForeignKey):
        other = first(field.related_model)
        return other.pk if other else "1"
    if isinstance(field, models.IntegerField | models.DecimalField):
        return "99"
    return "forged"
