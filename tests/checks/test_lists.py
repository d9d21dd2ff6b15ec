"""The initial word lists of the checks: filled once, never over the words of editors, and edited by editors alone."""

import re
from decimal import Decimal

import pytest
from django.apps import apps
from django.urls import reverse

from articles import readiness
from checks.models import Condition, PreferredTerm
from products.models import Ingredient
from tests import newsroom
from tests.admin_forms import form_of
from tests.checks.desk import UPPER_LIMITS, WORD_LISTS

MODELS = (PreferredTerm, Condition, Ingredient)


def fill() -> None:
    WORD_LISTS.fill(apps, None)
    UPPER_LIMITS.fill(apps, None)


def kept() -> list[list[dict]]:
    return [list(model.objects.order_by("pk").values()) for model in MODELS]


@pytest.fixture
def filled(db):
    fill()


def test_the_lists_are_long_enough_to_begin_with(filled):
    assert 60 <= PreferredTerm.objects.count() <= 130
    assert Condition.objects.filter(kind="disease").count() >= 150
    assert Condition.objects.filter(kind="symptom").count() >= 40
    assert Ingredient.objects.exclude(upper_limit=None).count() >= 22


def test_filling_twice_changes_nothing(filled):
    before = kept()
    fill()
    assert kept() == before


def test_what_editors_changed_and_added_stays(filled):
    PreferredTerm.objects.filter(avoid="leguns").update(prefer="pulses")
    Ingredient.objects.filter(name="Magnesium").update(upper_limit=250, limit_source="EFSA, 2006")
    Condition.objects.create(name="Sisyphus syndrome", kind="disease")
    before = kept()
    fill()
    assert kept() == before
    WORD_LISTS.empty(apps, None)
    UPPER_LIMITS.empty(apps, None)
    assert [row.prefer for row in PreferredTerm.objects.all()] == ["pulses"]
    assert [row.name for row in Condition.objects.all()] == ["Sisyphus syndrome"]
    assert [row.upper_limit for row in Ingredient.objects.all()] == [Decimal("250")]


def test_every_row_is_one_that_its_form_would_take(filled):
    for model in MODELS:
        for row in model.objects.all():
            row.full_clean()


def test_a_limit_names_body_year_and_address(filled):
    for row in Ingredient.objects.exclude(upper_limit=None):
        assert re.search(r"(Institute of Medicine|European Food Safety Authority|EFSA)", row.limit_source)
        assert re.search(r"\b(19|20)\d\d\b", row.limit_source)
        assert "https://" in row.limit_source


def test_no_preferred_word_is_itself_on_the_list():
    avoided = {avoid.casefold() for avoid, _, _ in WORD_LISTS.TERMS}
    assert not [prefer for _, prefer, _ in WORD_LISTS.TERMS if prefer.casefold() in avoided]


def test_the_checks_read_the_lists_from_the_database(filled):
    known = readiness.lists()
    assert "insomnia" in known.diseases and "headache" in known.symptoms
    magnesium = next(each for each in known.ingredients if each.names[0] == "Magnesium")
    assert (magnesium.upper_limit, magnesium.unit) == (350, "mg")


@pytest.mark.parametrize("model", ["preferredterm", "condition"])
@pytest.mark.parametrize(
    ("who", "looks", "changes"),
    [("writer", 200, 403), ("editor", 200, 302), ("admin", 200, 302), ("advisor1", 403, 403), ("outsider", 302, 302)],
)
def test_writers_read_the_lists_and_editors_keep_them(client, cast, filled, model, who, looks, changes):
    client.force_login(cast.everybody[who])
    typed = {"avoid": "new slip", "prefer": "new word", "name": "New disease", "kind": "disease"}
    before = [PreferredTerm.objects.count(), Condition.objects.count()]
    assert client.get(reverse(f"admin:checks_{model}_changelist"), {"q": "in"}).status_code == looks
    assert client.post(reverse(f"admin:checks_{model}_add"), typed).status_code == changes
    assert (before != [PreferredTerm.objects.count(), Condition.objects.count()]) is (who in ("editor", "admin"))


def test_every_change_is_kept_with_who_made_it(client, cast, filled):
    client.force_login(cast.editor)
    term = PreferredTerm.objects.get(avoid="leguns")
    address = reverse("admin:checks_preferredterm_change", args=[term.pk])
    form_of(client.get(address), "preferredterm_form").send(client, avoid="leguns", prefer="pulses", why="")
    assert [(row.prefer, row.history_user) for row in term.history.all()] == [("pulses", cast.editor)]


def test_a_term_that_an_editor_adds_is_found_at_once(client, cast, filled):
    client.force_login(cast.editor)
    client.post(reverse("admin:checks_preferredterm_add"), {"avoid": "forty winks", "prefer": "a nap", "why": ""})
    article = newsroom.draft(cast, standfirst="Forty winks after lunch.")
    found = readiness.findings(article, article.head())
    assert ("LNG02", "Forty winks") in [(each.id, each.passage) for each in found]


def test_a_verb_that_an_editor_adds_makes_a_claim_at_once(client, cast, filled):
    client.force_login(cast.editor)
    article = newsroom.draft(cast, body="<p>Valerian outwits insomnia.</p>")
    assert "CLM02" not in [each.id for each in readiness.findings(article, article.head())]
    client.post(reverse("admin:checks_condition_add"), {"name": "outwit", "kind": "verb"})
    assert "CLM02" in [each.id for each in readiness.findings(article, article.head())]
