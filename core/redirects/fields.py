"""The model field for the slug of a page's address."""

from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.db.page_addresses import PageAddress, address_rule, every_address

USED = _("“%(thing)s” has this address. Choose another one.")
LEADS_TO = _("This address was public and leads to “%(thing)s”. Choose another one.")
WAS_OF_ANOTHER = _("This address was that of a page that no longer exists. Choose another one.")


class AddressField(models.SlugField):
    """A slug that is part of the address of a page, by the rule of the model's table (core.db.page_addresses)."""

    def validate(self, value: Any, model_instance: models.Model | None) -> None:
        """Raise ValidationError for the address of another row (used) or one that another page had (was_public).

        If the rows are confidential, the error for a used address is that of Django, which does not name the row. Makes
        at most three queries, and one if the slug does not change.
        """
        super().validate(value, model_instance)
        if model_instance is None:  # no row to compare with others
            return
        rule, rows = address_rule(model_instance._meta.db_table), type(model_instance)._default_manager.all()
        stored = rows.filter(pk=model_instance.pk).values_list("slug", flat=True).first() if model_instance.pk else None
        if rule is None or value == stored:
            return
        other = None if rule.is_confidential else rows.filter(slug=value).exclude(pk=model_instance.pk).first()
        if other:
            raise ValidationError(USED, code="used", params={"thing": other})
        _refuse_former_addresses(rule, value, rule.paths_of(stored) if stored else [])


def page_at(path: str) -> tuple[PageAddress | None, models.Model | None]:
    """Return the rule for page addresses that fits this path, and the row with the address, if it exists.

    Return (None, None) if no rule fits.
    """
    for rule in every_address():
        if slug := rule.slug_in(path):
            model = next(model for model in apps.get_models() if model._meta.db_table == rule.table)
            return rule, model._default_manager.filter(slug=slug).first()
    return None, None


def name_of_page(path: str) -> str:
    """Return the name of the page at this path; the path itself if there is none or its name is confidential."""
    rule, page = page_at(path)
    return path if rule is None or page is None or rule.is_confidential else str(page)


def _refuse_former_addresses(rule: PageAddress, slug: str, own: list[str]) -> None:
    """Raise ValidationError (was_public) if an address with this slug leads to a page that is not in `own`."""
    rows = apps.get_model("core", "Redirect").objects.filter(from_path__in=rule.paths_of(slug))
    redirect = rows.exclude(to_path__in=own).order_by("pk").first()
    if redirect is None:
        return
    if redirect.to_path == redirect.from_path:
        raise ValidationError(WAS_OF_ANOTHER, code="was_public")
    raise ValidationError(LEADS_TO, code="was_public", params={"thing": name_of_page(redirect.to_path)})
