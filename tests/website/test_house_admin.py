"""The form of the house settings: who may use it, what it stores, and two people at once."""

import re
from html import unescape

import pytest
from django.contrib.admin import ModelAdmin
from django.contrib.admin.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.house import defaults, memory, publishing
from core.house.values import House
from core.house.versions import FIELDS
from core.models import HouseVersion
from tests.houses import put
from tests.pictures.photos import photograph

LIST, ADD = "admin:core_houseversion_changelist", "admin:core_houseversion_add"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.fixture
def administrator(cast, client) -> Client:
    client.force_login(cast.admin)
    return client


def fields(page: str) -> dict[str, str]:
    """Return what a browser would send of the form as the page shows it."""
    inputs = dict(re.findall(r'<input type="(?:text|color|hidden)" name="([^"]+)" value="([^"]*)"', page))
    areas = re.findall(r'<textarea name="([^"]+)"[^>]*>\n?(.*?)</textarea>', page, re.S)
    found = {name: unescape(value) for name, value in [*inputs.items(), *areas]}
    return {name: found[name] for name in (*FIELDS, "base", "source") if name in found}


def opened(client: Client, query: str = "") -> dict[str, str]:
    form = fields(client.get(f"{reverse(ADD)}{query}").content.decode())
    assert {"name", "accent", "consent", "base", "source"} <= set(form)
    return form


def save(client: Client, form: dict, **values: object):
    return client.post(reverse(ADD), {**form, **values})


# --- Permissions


@pytest.mark.parametrize("who", ["writer", "editor", "advisor1", "outsider"])
def test_nobody_but_an_administrator_sees_or_changes_them(cast, client, who):
    version = put(cast.admin, name="First")
    client.force_login(cast.everybody[who])
    for address in (reverse(LIST), reverse(ADD), reverse("admin:core_houseversion_change", args=[version.pk])):
        assert client.get(address).status_code in (302, 403)
    assert save(client, {"base": 1, "source": 1}, name="Other").status_code in (302, 403)
    assert HouseVersion.objects.count() == 1


def test_a_version_cannot_be_changed_or_deleted_even_by_an_administrator(cast, administrator):
    version = put(cast.admin, name="First")
    page = reverse("admin:core_houseversion_change", args=[version.pk])
    assert administrator.get(page).status_code == 200
    assert administrator.post(page, {"name": "Other"}).status_code == 403
    assert (
        administrator.post(reverse("admin:core_houseversion_delete", args=[version.pk]), {"post": "yes"}).status_code
        == 403
    )
    assert HouseVersion.objects.get().name == "First"


# --- Versions


def test_the_form_opens_with_the_values_in_force(cast, administrator):
    form = opened(administrator)
    assert {name: form.get(name, "") for name in FIELDS} == {name: House().value(name) for name in FIELDS}
    put(cast.admin, name="First", accent="#7a1f5c")
    form = opened(administrator)
    assert (form["name"], form["accent"], form["base"]) == ("First", "#7a1f5c", "1")


def test_saving_puts_a_version_in_force_that_holds_only_what_was_changed(cast, administrator):
    answer = save(administrator, opened(administrator), name="First", motto="Read on.")
    assert answer.url == reverse(LIST)
    version = HouseVersion.objects.get()
    assert version.house.own == {"name": "First", "motto": "Read on."} and version.made_by == cast.admin
    assert "newsletter of First by" in version.consent_words  # the default consent follows the name
    page = administrator.get(reverse(LIST)).content.decode()
    assert "Version 1 is in force. Changed: name, motto." in page
    assert LogEntry.objects.get().object_id == str(version.pk)


def test_going_back_makes_a_new_version(cast, administrator):
    first = put(cast.admin, name="First", logo=b"1", logo_extension="png", logo_width=1, logo_height=1)
    put(cast.admin, name="Second")
    page = administrator.get(reverse("admin:core_houseversion_change", args=[first.pk])).content.decode()
    assert f"{reverse(ADD)}?from=1" in page and "name: “The Betterment Project” → “First”" in page
    assert "logo: “the built-in drawing” → “PNG, 1 × 1”" in page
    form = opened(administrator, "?from=1")
    assert (form["name"], form["base"], form["source"]) == ("First", "2", "1")
    save(administrator, form)
    newest = HouseVersion.objects.newest()
    assert (newest.number, newest.name, bytes(newest.logo)) == (3, "First", b"1")
    assert HouseVersion.objects.count() == 3


def test_a_colour_that_is_hard_to_read_is_refused_with_the_pair_and_the_ratio(administrator):
    page = save(administrator, opened(administrator), accent="#8fbfb8").content.decode()
    assert "On paper (#fdfcf9) it reaches a contrast of 1.98:1; readers need 4.5:1." in page
    assert fields(page)["accent"] == "#8fbfb8" and not HouseVersion.objects.exists()


def test_a_statement_without_the_words_of_the_law_is_refused(administrator):
    page = save(administrator, opened(administrator), fda_one="Trust us.").content.decode()
    assert f"The law asks for these words, unchanged: “{defaults.FDA_ONE}”" in page
    assert not HouseVersion.objects.exists()


# --- Logo


def test_a_logo_is_repainted_and_kept_until_it_is_taken_off(administrator):
    sent = photograph(size=(120, 60), kind="PNG", pnginfo=None)
    save(administrator, opened(administrator), new_logo=SimpleUploadedFile("logo.svg", sent, "image/svg+xml"))
    first = HouseVersion.objects.get()
    assert (first.changed, first.logo_extension, first.logo_width, first.logo_height) == ("logo", "png", 120, 60)
    save(administrator, opened(administrator), motto="Read on.")
    assert bytes(HouseVersion.objects.newest().logo) == bytes(first.logo)
    save(administrator, opened(administrator), drawn_mark="on")
    assert HouseVersion.objects.newest().house.logo is None


@pytest.mark.parametrize(
    "data", [SVG, b"GIF89a", b"<html>", photograph(size=(2001, 10), kind="PNG"), photograph(size=(9, 9), kind="AVIF")]
)
def test_what_is_no_logo_is_refused(administrator, data):
    answer = save(administrator, opened(administrator), new_logo=SimpleUploadedFile("logo.png", data, "image/png"))
    assert answer.status_code == 200 and answer.context["adminform"].form.errors["new_logo"]
    assert not HouseVersion.objects.exists()


# --- Two people at once


def test_whoever_saves_second_is_told_and_keeps_what_they_typed(cast, administrator):
    form = opened(administrator)
    put(cast.editor, name="Theirs", motto="Theirs.")
    page = save(administrator, form, motto="Mine.", about="Mine too.").content.decode()
    assert "Editor has saved version 1 since you opened this form, and changed: name, motto." in unescape(page)
    assert "You have changed some of these as well, and the form keeps your values: motto." in page
    assert HouseVersion.objects.count() == 1
    again = fields(page)
    assert (again["name"], again["motto"], again["about"]) == ("Theirs", "Mine.", "Mine too.")
    save(administrator, again)
    newest = HouseVersion.objects.newest()
    assert newest.number == 2 and newest.house.own == {"name": "Theirs", "motto": "Mine.", "about": "Mine too."}


def test_a_save_at_the_same_moment_is_told_as_well(cast, administrator, monkeypatch):
    """The number is taken when the second transaction writes. When it tries again, the first has been committed."""
    form, attempts, attempt = opened(administrator), [], ModelAdmin.changeform_view

    def changeform_view(self, *arguments):
        attempts.append(arguments)
        if len(attempts) == 2:
            put(cast.editor, name="Theirs")
        return attempt(self, *arguments)

    def overtaken(**values):
        raise publishing.StaleHouse

    monkeypatch.setattr(ModelAdmin, "changeform_view", changeform_view)
    monkeypatch.setattr("website.admin.house.publish", overtaken)
    page = save(administrator, form, motto="Mine.").content.decode()
    assert len(attempts) == 2 and HouseVersion.objects.count() == 1
    assert "Editor has saved version 1 since you opened this form" in unescape(page)
    assert fields(page)["motto"] == "Mine."


def test_the_list_makes_no_more_queries_for_more_versions(cast, administrator):
    def queries() -> int:
        with CaptureQueriesContext(connection) as made:
            assert administrator.get(reverse(LIST)).status_code == 200
        return len(made)

    put(cast.admin, name="First")
    memory.house()
    few = queries()
    for number in range(5):
        put(cast.admin, name=f"Name {number}")
    memory.house()
    assert queries() <= few
