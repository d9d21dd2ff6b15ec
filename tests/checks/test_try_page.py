"""“Try the checks” and check_text judge a text that is no article; a product's words are judged when it is saved."""

import io

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.urls import reverse

from checks.marked_text import TextPiece, marked_lines
from checks.models import Condition
from checks.preflight import Finding, Level
from products.models import Product
from tests.admin_forms import form_of
from tests.checks.desk import WORD_LISTS

TEXT = "Sleep well.\nTurmeric cures gout. Tea is <b>warm</b>.\nZinc may ease migraine."


@pytest.fixture
def filled(db):
    WORD_LISTS.fill(apps, None)


def test_the_page_shows_findings_and_marks_passages(client, cast, filled):
    client.force_login(cast.writer)
    page = client.post(reverse("admin:checks_try"), {"text": TEXT})
    html = page.content.decode()
    assert [(each.id, each.level) for each in page.context["findings"]] == [
        ("CLM01", Level.BLOCKER),
        ("CLM01", Level.WARNING),
    ]
    assert '<mark class="level-blocker">Turmeric cures gout.</mark>' in html
    assert '<mark class="level-warning">Zinc may ease migraine.</mark>' in html
    assert "&lt;b&gt;warm&lt;/b&gt;" in html


def test_an_empty_form_asks_for_a_text(client, cast, filled):
    client.force_login(cast.writer)
    assert "findings" not in client.get(reverse("admin:checks_try")).context
    assert "findings" not in client.post(reverse("admin:checks_try"), {"text": ""}).context


def test_reviewers_and_strangers_may_not_try_the_checks(client, cast, filled):
    assert client.get(reverse("admin:checks_try")).status_code == 302
    client.force_login(cast.everybody["advisor1"])
    assert client.get(reverse("admin:checks_try")).status_code == 403


@pytest.mark.parametrize("model", ["condition", "preferredterm"])
def test_the_word_lists_lead_to_the_page(client, cast, filled, model):
    client.force_login(cast.writer)
    page = client.get(reverse(f"admin:checks_{model}_changelist"))
    assert reverse("admin:checks_try") in page.content.decode()


def test_a_term_that_an_editor_adds_counts_at_once(client, cast, filled):
    client.force_login(cast.editor)
    client.post(reverse("admin:checks_condition_add"), {"name": "Sisyphus syndrome", "kind": "disease"})
    assert Condition.objects.filter(name="Sisyphus syndrome").exists()
    page = client.post(reverse("admin:checks_try"), {"text": "Turmeric cures Sisyphus syndrome."})
    assert [each.id for each in page.context["findings"]] == ["CLM01"]


def test_overlapping_passages_are_marked_once():
    found = [Finding("A", Level.BLOCKER, "", "", "one two"), Finding("B", Level.WARNING, "", "", "two three")]
    assert marked_lines("one  two three", found) == [[TextPiece("one two", "blocker"), TextPiece(" three")]]


def test_the_command_reads_a_file_and_fails_on_a_blocker(filled, tmp_path):
    path = tmp_path / "text.txt"
    path.write_text(TEXT, encoding="utf-8")
    out = io.StringIO()
    with pytest.raises(CommandError, match="1 of 2 findings are blockers") as error:
        call_command("check_text", str(path), stdout=out)
    assert error.value.returncode == 1
    assert "CLM01 blocker:" in out.getvalue() and "“Turmeric cures gout.”" in out.getvalue()


def test_the_command_reads_what_is_piped_in(filled, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("Sleep well."))
    out = io.StringIO()
    call_command("check_text", "-", stdout=out)
    assert out.getvalue() == "The checks found nothing.\n"


def test_the_command_says_which_file_it_cannot_read(filled, tmp_path):
    with pytest.raises(CommandError, match="missing.txt cannot be read") as error:
        call_command("check_text", str(tmp_path / "missing.txt"))
    assert error.value.returncode == 2


def test_a_product_with_a_claim_is_saved_and_the_claim_is_shown(client, cast, filled):
    client.force_login(cast.editor)
    product = Product.objects.create(name="Calm Drops", slug="calm-drops")
    page = client.get(reverse("admin:products_product_change", args=[product.pk]))
    sent = form_of(page, "product_form").send(client, tagline="Relieves migraine.", cautions="No side effects.")
    product.refresh_from_db()
    assert product.tagline == "Relieves migraine."
    shown = [str(message) for message in client.get(sent.url).context["messages"]]
    assert any("“Relieves migraine.”" in message for message in shown)
    assert any("“No side effects.”" in message for message in shown)


def test_a_product_without_a_claim_gets_no_remark(client, cast, filled):
    client.force_login(cast.editor)
    product = Product.objects.create(name="Calm Drops", slug="calm-drops", tagline="For quiet evenings.")
    page = client.get(reverse("admin:products_product_change", args=[product.pk]))
    sent = form_of(page, "product_form").send(client, brand="Lunara")
    assert len(client.get(sent.url).context["messages"]) == 1
