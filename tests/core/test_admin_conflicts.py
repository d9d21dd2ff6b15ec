"""Two people with the same form of the admin open: nothing is overwritten unseen, and nothing typed is lost."""

import re
from html import unescape
from typing import Any

import pytest
from django.contrib import admin
from django.test import Client, RequestFactory
from django.urls import reverse

from accounts.models import User
from advisors.models import Advisor, ChecklistItem
from articles.admin import ArticleAdmin
from articles.models import ArticleTemplate, Author, Topic
from checks.models import Condition, PreferredTerm
from core import times
from core.admin.conflicts import ConflictDetection
from core.models import Redirect
from policies.models import Policy
from products.models import Ingredient, Product, ProductIngredient
from sources.models import Source
from tests.admin_forms import WebForm, form_of, forms_of
from website.admin.error_reports import ErrorReportAdmin

KEPT = re.compile(
    r"<h3>(.*?)</h3>\s*<p>The form keeps yours.*?<pre[^>]*>(.*?)</pre>.*?<pre[^>]*>(.*?)</pre>", re.DOTALL
)
TAKEN = re.compile(r"<h3>([^<]*)</h3>\s*<p>You had not changed this.*?<pre[^>]*>(.*?)</pre>", re.DOTALL)
# The article has a version of its own (tests/articles/test_admin_conflict.py). Nobody edits a field of an error report:
# its state changes by functions that refuse an outdated one (tests/website/error_reports/test_races.py).
OWN_PROTECTION = {ArticleAdmin, ErrorReportAdmin}


def address(row: Any, page: str = "change") -> str:
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_{page}", args=[row.pk])


def opened(client: Client, row: Any) -> WebForm:
    return form_of(client.get(address(row)), f"{row._meta.model_name}_form")


def kept(answer) -> dict[str, tuple[str, str]]:
    """Return the saved and the typed text of each field that both have changed, by its label."""
    return {label: (unescape(saved), unescape(typed)) for label, saved, typed in KEPT.findall(answer.content.decode())}


def taken(answer) -> dict[str, str]:
    """Return what was taken over into the form, by its label."""
    return {label: unescape(saved) for label, saved in TAKEN.findall(answer.content.decode())}


@pytest.fixture
def first(cast) -> Client:
    client = Client()
    client.force_login(cast.editor)
    return client


@pytest.fixture
def second(cast) -> Client:
    client = Client()
    client.force_login(cast.admin)
    return client


@pytest.fixture
def product(db) -> Product:
    return Product.objects.create(name="Gummies", slug="gummies", cautions="None.", tagline="Calm.")


@pytest.fixture
def melatonin(db) -> Ingredient:
    return Ingredient.objects.create(name="Melatonin of the tests", unit="mg")


def test_every_model_that_people_edit_detects_conflicts(cast):
    superuser = User.objects.create_superuser("root@example.org", None, name="Root")
    request = RequestFactory().get("/")
    request.user = superuser
    unprotected = [
        type(model_admin).__name__
        for model_admin in admin.site._registry.values()
        if (model_admin.has_change_permission(request) or model_admin.list_editable)
        and not isinstance(model_admin, ConflictDetection)
        and type(model_admin) not in OWN_PROTECTION
    ]
    assert unprotected == []


def rows() -> dict[str, tuple[Any, str, str, str]]:
    """Return a row of each kind with a text field: what the first saves in it, and what the second."""
    return {
        "product": (Product(name="G", slug="g"), "cautions", "Not with alcohol.", "Not for children."),
        "ingredient": (Ingredient(name="Zinc of the tests"), "other_names", "Zn", "Zincum"),
        "policy": (
            Policy(title="Privacy", slug="privacy", summary="S", body="<p>One.</p>"),
            *("body", "<p>Two.</p>", "<p>Three.</p>"),
        ),
        "author": (Author(name="Ann", slug="ann"), "credentials", "MD", "PhD"),
        "advisor": (
            Advisor(name="Bo", slug="bo", user=User(email="bo@example.org", name="Bo")),
            "affiliation",
            "Ghent",
            "Leuven",
        ),
        "template": (ArticleTemplate(name="Recipe", body="<p>Cook.</p>"), "purpose", "Theirs.", "Mine."),
        "topic": (Topic(name="Pain", slug="pain"), "description", "Theirs.", "Mine."),
        "source": (
            Source(key="roe2021", title="On naps", evidence="randomised_trial", container="Sleep", year=2021),
            *("authors", "Roe J.", "Doe J."),
        ),
        "question": (ChecklistItem(question="Safe?", position=1), "hint", "Theirs", "Mine"),
        "term": (PreferredTerm(avoid="colour me bad", prefer="colour"), "why", "Theirs", "Mine"),
        "condition": (Condition(name="gout of the tests", kind="disease"), "name", "gout one", "gout two"),
        "redirect": (Redirect(from_path="/old/", to_path="/policies/"), "to_path", "/products/", "/topics/"),
        "user": (User(email="x@example.org", name="X"), "name", "Theirs", "Mine"),
    }


@pytest.mark.parametrize("kind", list(rows()))
def test_the_second_save_shows_both_sides_and_goes_through_when_it_is_repeated(kind, first, second, cast):
    row, name, theirs, mine = rows()[kind]
    if kind == "advisor":
        row.user.save()
        row.user_id = row.user.pk
    row.save()
    first.force_login(User.objects.create_superuser("first@example.org", None, name="First"))
    second.force_login(User.objects.create_superuser("second@example.org", None, name="Second"))
    form, other = opened(second, row), opened(first, row)
    saved = other.send(first, **{name: theirs})
    assert saved.status_code == 302, saved.context["errors"]

    refused = form.send(second, **{name: mine})
    row.refresh_from_db()
    assert refused.status_code == 200 and getattr(row, name) == theirs
    html = refused.content.decode()
    assert "First saved this on" in html and "Somebody else has changed this too" in html
    plain = {"<p>Two.</p>": "Two.", "<p>Three.</p>": "Three."}
    assert list(kept(refused).values()) == [(plain.get(theirs, theirs), plain.get(mine, mine))]

    again = form_of(refused, f"{row._meta.model_name}_form")
    assert again.value(name) == mine
    assert again.send(second).status_code == 302
    row.refresh_from_db()
    assert getattr(row, name) == mine


def test_the_page_says_who_saved_and_when(first, second, product):
    form = opened(second, product)
    opened(first, product).send(first, cautions="Not with alcohol.")
    refused = form.send(second, tagline="Rest.")
    moment = times.moment(product.history.first().history_date)
    assert f"Editor saved this on {moment}, while you had it open" in unescape(refused.content.decode())


def test_what_only_the_first_has_changed_is_taken_over(first, second, product):
    form = opened(second, product)
    opened(first, product).send(first, cautions="Not with alcohol.")
    refused = form.send(second, tagline="Rest.")
    assert taken(refused) == {"Cautions": "Not with alcohol."}
    assert kept(refused) == {}
    form_of(refused, "product_form").send(second)
    product.refresh_from_db()
    assert (product.cautions, product.tagline) == ("Not with alcohol.", "Rest.")


def test_the_saved_value_can_be_chosen_instead_of_the_typed_one(first, second, product):
    form = opened(second, product)
    opened(first, product).send(first, cautions="Not with alcohol.")
    refused = form.send(second, cautions="Not for children.", tagline="Rest.")
    form_of(refused, "product_form").send(second, take_saved="cautions")
    product.refresh_from_db()
    assert (product.cautions, product.tagline) == ("Not with alcohol.", "Rest.")


def test_a_third_version_in_between_is_shown_as_well(first, second, product):
    form = opened(second, product)
    opened(first, product).send(first, cautions="Two.")
    refused = form.send(second, cautions="Mine.")
    opened(first, product).send(first, cautions="Three.")
    again = form_of(refused, "product_form").send(second)
    assert kept(again) == {"Cautions": ("Three.", "Mine.")}
    product.refresh_from_db()
    assert product.cautions == "Three."


def test_a_form_that_does_not_say_what_it_showed_is_refused(second, product):
    refused = opened(second, product).send(second, cautions="Mine.", seen="")
    assert kept(refused) == {"Cautions": ("None.", "Mine.")}


@pytest.mark.parametrize("seen", ["[", "[]", "1", '{"fields": 1, "rows": {}}', '{"fields": {}, "rows": {"a": 1}}'])
def test_any_text_may_stand_in_place_of_what_was_seen(second, product, seen):
    assert opened(second, product).send(second, cautions="Mine.", seen=seen).status_code == 200


def test_a_double_click_saves_once_and_says_nothing(second, product):
    form = opened(second, product)
    assert form.send(second, cautions="Mine.").status_code == 302
    assert form.send(second).status_code == 302


def test_the_form_that_the_back_button_brings_back_saves_further_changes(second, product):
    form = opened(second, product)
    form.send(second, cautions="Mine.")
    assert form.send(second, tagline="Rest.").status_code == 302
    product.refresh_from_db()
    assert (product.cautions, product.tagline) == ("Mine.", "Rest.")


def test_a_refusal_for_another_reason_keeps_what_was_seen(first, second, product):
    form = opened(second, product)
    refused = form.send(second, name="", cautions="Mine.")
    opened(first, product).send(first, cautions="Theirs.")
    again = form_of(refused, "product_form").send(second, name="Gummies")
    assert kept(again) == {"Cautions": ("Theirs.", "Mine.")}


def test_an_ingredient_that_the_first_adds_stays_through_the_second_save(first, second, product, melatonin):
    form = opened(second, product)
    opened(first, product).add_row("active_ingredients", ingredient=melatonin.pk, amount="1").send(first)
    assert ProductIngredient.objects.filter(product=product).count() == 1
    refused = form.send(second, tagline="Rest.")
    assert refused.status_code == 200 and "Melatonin of the tests" in refused.content.decode()
    assert form_of(refused, "product_form").send(second).status_code == 302
    assert ProductIngredient.objects.filter(product=product).count() == 1


def test_both_sides_of_an_ingredient_are_shown(first, second, product, melatonin):
    row = ProductIngredient.objects.create(product=product, ingredient=melatonin, amount=1)
    form, name = opened(second, product), "active_ingredients-0-amount"
    opened(first, product).send(first, **{name: "2"})
    refused = form.send(second, **{name: "3"})
    (saved, typed), *_ = kept(refused).values()
    assert "2" in saved and "3" in typed
    row.refresh_from_db()
    assert row.amount == 2
    form_of(refused, "product_form").send(second)
    row.refresh_from_db()
    assert row.amount == 3


def test_an_ingredient_that_only_the_first_has_changed_is_taken_over(first, second, product, melatonin):
    row = ProductIngredient.objects.create(product=product, ingredient=melatonin, amount=1)
    form, name = opened(second, product), "active_ingredients-0-amount"
    opened(first, product).send(first, **{name: "2"})
    refused = form.send(second, tagline="Rest.")
    assert form_of(refused, "product_form").value(name) == "2"
    form_of(refused, "product_form").send(second)
    row.refresh_from_db()
    assert row.amount == 2


def test_an_ingredient_that_the_first_removes_is_gone_or_comes_back_as_the_second_typed_it(
    first, second, product, melatonin
):
    row = ProductIngredient.objects.create(product=product, ingredient=melatonin, amount=1)
    untouched, touched = opened(second, product), opened(second, product)
    opened(first, product).send(first, **{"active_ingredients-0-DELETE": "on"})
    assert not ProductIngredient.objects.filter(pk=row.pk).exists()

    refused = untouched.send(second, tagline="Rest.")
    assert form_of(refused, "product_form").value("active_ingredients-TOTAL_FORMS") == "0"

    refused = touched.send(second, **{"active_ingredients-0-amount": "3"})
    assert refused.status_code == 200
    assert form_of(refused, "product_form").send(second).status_code == 302
    assert ProductIngredient.objects.get(product=product).amount == 3


def test_topics_are_compared_by_what_is_chosen(first, second, product, cast):
    form = opened(second, cast.topic)
    opened(first, cast.topic).send(first, products=[str(product.pk)])
    refused = form.send(second, description="Mine.")
    assert taken(refused) == {"Products": "Gummies"}
    form_of(refused, "topic_form").send(second)
    assert list(cast.topic.products.all()) == [product]


def test_what_has_changed_is_not_deleted_before_it_is_looked_at(first, second, product):
    confirmation = form_of(second.get(address(product, "delete")), "/delete/")
    opened(first, product).send(first, cautions="Theirs.")
    page = confirmation.send(second)
    assert "Nothing was deleted" in page.content.decode() and Product.objects.filter(pk=product.pk).exists()
    form_of(page, "/delete/").send(second)
    assert not Product.objects.filter(pk=product.pk).exists()


def test_what_has_changed_is_not_deleted_together_with_others(first, second, product):
    at = reverse("admin:products_product_changelist")
    chosen = {"action": "delete_selected", "_selected_action": [str(product.pk)]}
    confirmation = [form for form in forms_of(second.post(at, chosen)) if "post" in form.data][0]
    opened(first, product).send(first, cautions="Theirs.")
    page = confirmation.send(second)
    assert "Nothing was deleted" in page.content.decode() and Product.objects.filter(pk=product.pk).exists()
    [form for form in forms_of(page) if "post" in form.data][0].send(second)
    assert not Product.objects.filter(pk=product.pk).exists()


def test_an_earlier_version_is_not_restored_over_an_unseen_one(first, second, product):
    oldest = product.history.last()
    opened(first, product).send(first, cautions="Two.")
    page = second.get(address(product, "history") + f"{oldest.pk}/")
    form = form_of(page, "historicalproduct_form")
    opened(first, product).send(first, cautions="Three.")
    refused = form.send(second)
    product.refresh_from_db()
    assert refused.status_code == 200 and product.cautions == "Three."
    assert kept(refused) == {"Cautions": ("Three.", "None.")}
    form_of(refused, "historicalproduct_form").send(second)
    product.refresh_from_db()
    assert product.cautions == "None."


def test_a_list_saves_only_the_rows_that_were_changed_in_it(first, second):
    ChecklistItem.objects.all().delete()
    one, two = (ChecklistItem.objects.create(question=f"{n}?", position=n) for n in (1, 2))
    at = reverse("admin:advisors_checklistitem_changelist")
    mine, theirs = form_of(second.get(at), "changelist-form"), form_of(first.get(at), "changelist-form")
    theirs.send(first, **{"form-1-position": "7", "_save": "1"})
    assert mine.send(second, **{"form-0-position": "3", "_save": "1"}).status_code == 302
    assert list(ChecklistItem.objects.order_by("pk").values_list("position", flat=True)) == [3, 7]


def test_a_row_of_a_list_that_both_have_changed_is_refused_once(first, second):
    ChecklistItem.objects.all().delete()
    one = ChecklistItem.objects.create(question="One?", position=1)
    at = reverse("admin:advisors_checklistitem_changelist")
    mine, theirs = form_of(second.get(at), "changelist-form"), form_of(first.get(at), "changelist-form")
    theirs.send(first, **{"form-0-position": "7", "_save": "1"})
    refused = mine.send(second, **{"form-0-position": "3", "_save": "1"})
    one.refresh_from_db()
    assert "Somebody has changed this to “7”" in refused.content.decode() and one.position == 7
    assert form_of(refused, "changelist-form").send(second, _save="1").status_code == 302
    one.refresh_from_db()
    assert one.position == 3
