"""The pages of corrections: asking and deciding in the admin, and the page that the link in the email opens."""

from datetime import timedelta

import pytest
import time_machine
from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.urls import urlpatterns
from advisors.admin.corrections import AskForm
from advisors.corrections import asking, deciding, links
from advisors.models import AccountCorrection, CorrectionEnd, Review
from tests import mailing, newsroom
from tests.admin_forms import form_of

WHY = "She has a new account at the university."
LIST = "admin:advisors_accountcorrection_changelist"
PAGE = "admin:advisors_accountcorrection_change"
ASK = "admin:advisors_accountcorrection_ask"
ACCOUNTS = "admin:advisors_accountcorrection_accounts"


@pytest.fixture(autouse=True)
def queue(settings):
    settings.EMAIL_BACKEND = mailing.QUEUE


@pytest.fixture
def ada(cast):
    article = newsroom.in_review(cast)
    newsroom.verdict(Review.objects.get(submission__article=article, advisor__slug="ada"))
    return cast.advisors[0]


@pytest.fixture
def asked(cast, ada) -> AccountCorrection:
    account = newsroom.user("new-ada")
    return asking.ask_for_account(subject=ada, new_account=account, reason=WHY, actor=cast.editor)


def signed_in(user) -> Client:
    browser = Client()
    browser.force_login(user)
    return browser


def words(response) -> str:
    return response.content.decode()


def test_an_editor_asks_from_the_page_of_the_advisor(cast, ada):
    browser, account = signed_in(cast.editor), newsroom.user("new-ada")
    page = browser.get(reverse("admin:advisors_advisor_change", args=[ada.pk]))
    address = f"{reverse(ASK)}?advisor={ada.pk}"
    assert address in words(page)
    form = form_of(browser.get(address), "correction_form")
    assert form.value("corrected") == "advisor" and form.value("advisor") == str(ada.pk)
    response = form.send(browser, new_account=str(account.pk), reason=WHY)
    asked = AccountCorrection.objects.get()
    assert response.url == reverse(PAGE, args=[asked.pk]) and asked.asked_by == cast.editor


def test_each_field_of_the_form_says_for_which_correction_it_is(cast, ada):
    form = AskForm()
    kinds = {field.name: kinds for field, kinds in form.rows}
    assert kinds == {
        "corrected": "",
        "advisor": "advisor",
        "author": "author",
        "account": "address",
        "new_account": "advisor author",
        "new_address": "address",
        "reason": "",
    }
    page = words(signed_in(cast.editor).get(reverse(ASK)))
    assert page.count("data-for=") == 5 and 'data-for="advisor author"' in page


def test_what_is_missing_or_refused_is_said_beside_the_form(cast, ada):
    browser = signed_in(cast.editor)
    form = form_of(browser.get(f"{reverse(ASK)}?advisor={ada.pk}"), "correction_form")
    response = form.send(browser, reason=WHY)
    assert response.status_code == 400 and "This is needed for that correction." in words(response)
    response = form.send(browser, new_account=str(cast.advisors[1].user.pk), reason=WHY)
    assert response.status_code == 400 and "This account is that of Dr Ben" in words(response)
    assert WHY in words(response)


def accounts_found(browser: Client, **query: object) -> list[str]:
    return [row["text"] for row in browser.get(reverse(ACCOUNTS), query).json()["results"]]


def test_an_editor_finds_active_accounts_by_name_and_address_in_both_fields(cast, ada):
    browser, account = signed_in(cast.editor), newsroom.user("new-ada")
    page = words(browser.get(reverse(ASK)))
    assert page.count(f'data-ajax--url="{reverse(ACCOUNTS)}"') == 2
    label = f"{account.name} (new-ada@example.org)"
    assert accounts_found(browser, term="new-ada@") == accounts_found(browser, term=account.name) == [label]
    form = form_of(browser.get(f"{reverse(ASK)}?advisor={ada.pk}"), "correction_form")
    refused = form.send(browser, new_account=str(account.pk))
    assert refused.status_code == 400 and label in words(refused)
    account.is_active = False
    account.save()
    assert accounts_found(browser, term="new-ada@") == []


def test_the_accounts_come_in_pages_with_two_queries_each(cast):
    for place in range(25):
        newsroom.user(f"page-{place:02}")
    browser = signed_in(cast.editor)
    first = browser.get(reverse(ACCOUNTS), {"term": "page-"}).json()
    assert len(first["results"]) == 20 and first["pagination"] == {"more": True}
    with CaptureQueriesContext(connection) as queries:
        second = browser.get(reverse(ACCOUNTS), {"term": "page-", "page": 2}).json()
    assert len(second["results"]) == 5 and second["pagination"] == {"more": False}
    assert sum("accounts_user" in query["sql"] and "page-" in query["sql"] for query in queries) == 2


def test_an_editor_finds_accounts_nowhere_else(cast):
    browser = signed_in(cast.editor)
    relations = [
        {"app_label": model._meta.app_label, "model_name": model._meta.model_name, "field_name": field.name}
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if field.concrete and field.is_relation and field.related_model is User
    ]
    assert {"app_label": "advisors", "model_name": "accountcorrection", "field_name": "new_account"} in relations
    for relation in relations:
        assert browser.get(reverse("admin:autocomplete"), {**relation, "term": "a"}).status_code == 403
    elsewhere = {"app_label": "advisors", "model_name": "accountcorrection", "field_name": "advisor"}
    assert accounts_found(browser, **elsewhere, term="ada") == accounts_found(browser, term="ada")
    assert browser.get(reverse("admin:accounts_user_changelist")).status_code == 403


@pytest.mark.parametrize("who", ["writer", "outsider"])
def test_only_editors_reach_the_pages(cast, asked, who):
    browser = signed_in(getattr(cast, who))
    for address in (reverse(LIST), reverse(ASK), reverse(ACCOUNTS), reverse(PAGE, args=[asked.pk])):
        assert browser.get(address).status_code in (302, 403)


def test_the_administrator_confirms_with_a_reason(cast, ada, asked):
    browser = signed_in(cast.admin)
    address = reverse(PAGE, args=[asked.pk])
    form = form_of(browser.get(address), "decision_form")
    assert browser.post(address, {**form.data, "answer": "confirm", "words": ""}).status_code == 400
    assert browser.post(address, {**form.data, "answer": "else", "words": "Sure."}).status_code == 400
    assert browser.post(address, {**form.data, "answer": "confirm", "words": "She called."}).status_code == 302
    ada.refresh_from_db()
    assert ada.user.email == "new-ada@example.org"
    assert "She called." in words(browser.get(address)) and "decision_form" not in words(browser.get(address))


def test_the_editor_who_asked_cannot_confirm_but_can_withdraw(cast, ada, asked):
    browser, address = signed_in(cast.editor), reverse(PAGE, args=[asked.pk])
    assert "Only an administrator can confirm this" in words(browser.get(address))
    assert browser.post(address, {"answer": "confirm", "words": "Sure."}).status_code == 403
    assert browser.post(address, {"answer": "withdraw", "words": "A mistake."}).status_code == 302
    asked.refresh_from_db()
    assert asked.outcome.ended == CorrectionEnd.WITHDRAWN


def test_the_list_makes_as_many_queries_for_many_requests_as_for_one(cast, asked):
    browser = signed_in(cast.editor)
    browser.get(reverse(LIST))
    with CaptureQueriesContext(connection) as one:
        assert "new-ada@example.org" in words(browser.get(reverse(LIST)))
    for place, advisor in enumerate(cast.advisors[1:]):
        article = newsroom.in_review(cast, title=f"Another {place}")
        for review in article.submissions.get().reviews.filter(advisor__in=[advisor]):
            newsroom.verdict(review)
            asking.ask_for_address(
                account=advisor.user, new_address=f"new-{place}@example.org", reason=WHY, actor=cast.editor
            )
    with CaptureQueriesContext(connection) as many:
        browser.get(reverse(LIST))
    assert AccountCorrection.objects.count() > 1 and len(many) == len(one)


def test_the_link_opens_a_page_that_changes_nothing_until_a_button_is_pressed(client, ada, asked):
    address = reverse("board:correction", args=[links.token_for(asked)])
    page = client.get(address)
    assert page.status_code == 200 and WHY in words(page) and "new-ada@example.org" in words(page)
    assert page.headers["Cache-Control"] == "no-store"
    assert client.post(address, {"answer": "perhaps"}).status_code == 400
    ada.refresh_from_db()
    assert ada.user.email == "ada@example.org"
    assert "It is corrected" in words(client.post(address, {"answer": "confirm"}))
    ada.refresh_from_db()
    assert ada.user.email == "new-ada@example.org"
    again = client.get(address)
    assert again.status_code == 410 and "This was confirmed by the link in the email" in words(again)
    assert "The name Dr Ada belongs to the account new-ada@example.org now." in words(again)
    assert "vouches for the reviewer anew" in words(again)
    late = client.post(address, {"answer": "refuse"})
    assert late.status_code == 409 and "This was confirmed by the link in the email" in words(late)


def test_a_second_click_gets_the_same_answer(client, ada, asked):
    address = reverse("board:correction", args=[links.token_for(asked)])
    first, second = (client.post(address, {"answer": "confirm"}) for _ in range(2))
    assert first.status_code == second.status_code == 200
    assert "It is corrected" in words(first) and "It is corrected" in words(second)
    assert "belongs to the account new-ada@example.org now" in words(second)


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ("refused", "This was refused by the link in the email"),
        ("withdrawn", "An editor withdrew the request"),
        ("confirmed", "An administrator confirmed this"),
        ("expired", "and nobody did. Nothing is changed. An editor can ask again."),
        ("ran out", "and nobody did. Nothing is changed. An editor can ask again."),
    ],
)
def test_a_link_to_a_request_that_has_ended_says_how(client, cast, asked, how, said):
    token = links.token_for(asked)
    match how:
        case "refused":
            deciding.refuse_by_link(token=token)
        case "withdrawn":
            deciding.withdraw(correction=asked, actor=cast.editor)
        case "confirmed":
            deciding.confirm_as_administrator(correction=asked, actor=cast.admin, how="She called.")
    with time_machine.travel(timezone.now() + timedelta(days=15 if how in ("expired", "ran out") else 0)):
        if how == "expired":
            asking.record_expired()
        page = client.get(reverse("board:correction", args=[token]))
    assert page.status_code == 410 and said in words(page)
    assert "<form" not in words(page).partition("<h1>")[2]


def test_the_link_refuses(client, ada, asked):
    address = reverse("board:correction", args=[links.token_for(asked)])
    assert "Nothing is changed" in words(client.post(address, {"answer": "refuse"}))
    asked.refresh_from_db()
    assert asked.outcome.ended == CorrectionEnd.REFUSED


def test_the_editor_who_asked_confirms_with_no_link_while_signed_in(cast, ada, asked):
    address = reverse("board:correction", args=[links.token_for(asked)])
    assert signed_in(cast.editor).post(address, {"answer": "confirm"}).status_code == 403
    assert AccountCorrection.objects.waiting().exists()


def test_a_forged_link_is_not_found(client, asked):
    for token in ("x", "a" * 600, links.token_for(asked)[:-1] + "_"):
        assert client.get(reverse("board:correction", args=[token])).status_code == 404


def test_the_form_of_a_user_shows_the_address_of_a_signed_account_without_a_field(cast, ada):
    browser = signed_in(cast.admin)
    page = words(browser.get(reverse("admin:accounts_user_change", args=[ada.user_id])))
    assert 'name="email"' not in page and "only a correction by two people can change it" in page
    page = words(browser.get(reverse("admin:accounts_user_change", args=[cast.advisors[1].user_id])))
    assert 'name="email"' in page


def test_no_address_of_the_site_leads_to_a_change_of_email_by_the_sign_in_pages():
    assert not [pattern.name for pattern in urlpatterns if "email" in (pattern.name or "")]
