"""The configuration of every rich-text editor in the admin contacts no other site."""

import json
import re
from html import unescape

import pytest
from django.contrib import admin

from articles.rich_text import EDITOR
from core.rich_text import BASE


def configurations(page: str) -> list[dict]:
    """Return the configuration of each editor on a page, as CKEditor reads it."""
    return [json.loads(unescape(found)) for found in re.findall(r'data-config="([^"]*)"', page)]


@pytest.mark.parametrize("shared", [BASE, EDITOR])
def test_the_check_for_newer_versions_is_off_in_what_editors_share(shared):
    assert shared["versionCheck"] is False


def test_no_editor_on_any_page_of_the_admin_asks_for_newer_versions(client, cast):
    client.force_login(cast.admin)
    shown = {}
    for model in admin.site._registry:
        answer = client.get(f"/admin/{model._meta.app_label}/{model._meta.model_name}/add/")
        if answer.status_code == 200 and (found := configurations(answer.content.decode())):
            shown[model._meta.label] = found
    assert {"articles.Article", "policies.Policy", "products.Product"} <= set(shown)
    for found in shown.values():
        for configuration in found:
            assert configuration["versionCheck"] is False
