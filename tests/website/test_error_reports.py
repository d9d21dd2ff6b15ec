"""“Report an error”: a form without a cookie, an email to the editors, and a reason when it is closed."""

from datetime import timedelta

import pytest
import time_machine
from django.conf import settings as site
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from post_office.models import Email

from articles import workflow
from articles.exceptions import InvalidTransition, NotPermitted
from mail import sending
from tests import mailing, newsroom
from website.error_reports import handling
from website.error_reports.views import FROM_A_NETWORK, ON_AN_ARTICLE
from website.models import ErrorReport, ReportState

LIST = "/admin/website/errorreport/"


@pytest.fixture
def article(cast, settings):
    article = newsroom.published(cast, title="Magnesium & sleep")
    settings.EMAIL_BACKEND = mailing.QUEUE
    Email.objects.all().delete()  # the board's emails before the publication
    return article


@pytest.fixture
def send(article):
    """Send the form from our own page; keyword arguments replace what a browser would send."""

    def post(headers: dict | None = None, network: str = "192.0.2.7", to=None, **fields: str):
        said = {"Origin": site.SITE_URL} if headers is None else headers
        form = {
            "passage": "It was 17 minutes.",
            "message": "It was 17 seconds.",
            "address": "",
            "homepage": "",
            **fields,
        }
        client = Client(enforce_csrf_checks=True)
        path = reverse("website:report", args=[(to or article).slug])
        return client.post(path, form, headers=said, REMOTE_ADDR=network)

    return post


@pytest.fixture
def report(send) -> ErrorReport:
    send(address="reader@example.org")
    return ErrorReport.objects.get()


def test_a_report_names_the_revision_and_editors_get_an_email_without_the_address(send, cast, article, client):
    answer = send(address="reader@example.org")
    report = ErrorReport.objects.get()
    email = Email.objects.get()

    thanks = client.get(answer["Location"]).content.decode()
    assert answer.status_code == 303 and "An editor will read your report" in thanks
    assert (report.article, report.revision.number, report.state) == (article, 1, ReportState.OPEN)
    assert email.to == [cast.editor.email] and email.subject == "A reader reports an error in “Magnesium & sleep”"
    for words in (email.message, email.html_message):
        assert "It was 17 seconds." in words and "reader@example.org" not in words
        assert reverse("admin:website_errorreport_change", args=[report.pk]) in words
    subject, *_ = sending.render("error_report", sending.SAMPLES["error_report"][1]())
    assert subject == email.subject


def test_any_cache_may_keep_the_form_and_no_cookie_is_set(article):
    client = Client()
    for name in ("website:report", "website:report_sent"):
        answer = client.get(reverse(name, args=[article.slug]))
        assert answer.is_public and not answer.cookies and "csrf" not in answer.content.decode()
        assert 'content="noindex, follow"' in answer.content.decode()


def test_only_what_readers_can_open_has_a_form(client, cast, article, send):
    draft = newsroom.draft(cast)
    workflow.withdraw(article=article, actor=cast.editor, notice="It was wrong.")
    for hidden in (draft, article):
        for name in ("website:report", "website:report_sent"):
            assert client.get(reverse(name, args=[hidden.slug])).status_code == 404
        assert send(to=hidden).status_code == 404
    assert not ErrorReport.objects.exists()


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"message": " \n "}, "Please say what is wrong."),
        ({"message": "x" * 4001}, "in 4,000 characters or fewer"),
        ({"address": "reader@"}, "does not look like an e-mail address"),
        ({"address": "reader@example.org,thief@example.org"}, "does not look like an e-mail address"),
        ({"passage": "x" * 1001}, "at most 1000 characters"),
    ],
)
def test_what_is_wrong_with_the_form_is_said_and_nothing_typed_is_lost(send, fields, said):
    answer = send(**{"passage": "A <b>passage</b>.", **fields})
    html = answer.content.decode()

    assert answer.status_code == 400 and said in html and 'aria-invalid="true"' in html
    assert "passage" in fields or "A &lt;b&gt;passage&lt;/b&gt;." in html
    assert not ErrorReport.objects.exists() and not Email.objects.exists()


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "https://else.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site", "Origin": site.SITE_URL},
    ],
)
def test_what_another_site_sends_is_refused(send, headers):
    assert send(headers).status_code == 403 and not ErrorReport.objects.exists()


def test_a_program_that_fills_in_every_field_is_thanked_and_forgotten(send):
    assert send(homepage="https://spam.example").status_code == 303
    assert not ErrorReport.objects.exists() and not Email.objects.exists()


def test_a_form_of_many_bytes_is_not_read(send):
    answer = send(message="x" * 50_000)
    assert answer.status_code == 413 and not ErrorReport.objects.exists()


def test_a_network_reports_so_often_in_an_hour_and_keeps_what_it_typed(send):
    with time_machine.travel("2031-03-04 10:00:01Z", tick=False) as clock:
        codes = [send().status_code for _ in range(FROM_A_NETWORK + 1)]
        assert codes == [303] * FROM_A_NETWORK + [429]
        assert "It was 17 seconds." in send().content.decode()
        assert send(network="198.51.100.1").status_code == 303
        clock.shift(timedelta(hours=1))
        assert send().status_code == 303


def test_an_article_takes_so_many_reports_in_a_day(send):
    with time_machine.travel("2031-03-04 10:00:01Z", tick=False):
        codes = [send(network=f"192.0.2.{place}").status_code for place in range(ON_AN_ARTICLE + 1)]
    assert codes == [303] * ON_AN_ARTICLE + [429]


def test_control_characters_reach_neither_the_report_nor_the_email(send):
    send(message="One\x0btwo", passage="A\x0cB")
    report = ErrorReport.objects.get()
    assert (report.passage, report.message) == ("A\nB", "One\ntwo")
    assert not {"\x0b", "\x0c"} & set(Email.objects.get().message)
    assert send(message="A\x00B").status_code == 400


def test_closing_says_what_came_of_it_and_forgets_the_address(report, cast):
    handling.close(report=report, actor=cast.editor, state=ReportState.NOTHING, outcome="The number is right.")
    report.refresh_from_db()

    assert (report.address, report.closed_by, report.outcome) == ("", cast.editor, "The number is right.")
    with pytest.raises(InvalidTransition, match="already"):
        handling.close(report=report, actor=cast.editor, state=ReportState.NOTHING, outcome="No.")


@pytest.mark.parametrize("name", ["writer", "advisor1", "outsider"])
def test_nobody_but_editors_reads_or_closes_one(report, cast, client, name):
    person = cast.everybody[name]
    with pytest.raises(NotPermitted):
        handling.close(report=report, actor=person, state=ReportState.NOTHING, outcome="No.")
    client.force_login(person)
    change = f"{LIST}{report.pk}/change/"
    for address in (LIST, change):
        assert client.get(address).status_code in (302, 403)
    for act in ("decide", "reopen", "same", "apart", "erase"):
        sent = {"seen": "0", "act": "spam", "reason": "No.", "same_as": "1"}
        assert client.post(f"{LIST}{report.pk}/{act}/", sent).status_code in (302, 403)
    assert ErrorReport.objects.get().state == ReportState.OPEN


def test_an_editor_reads_it_and_closes_it_in_the_admin(report, cast, client):
    client.force_login(cast.editor)
    change = f"{LIST}{report.pk}/change/"
    assert "It was 17 seconds." in client.get(LIST).content.decode()
    html = client.get(change).content.decode()
    assert "reader@example.org" in html and "It was 17 minutes." in html

    decide = f"{LIST}{report.pk}/decide/"
    refused = client.post(decide, {"act": "nothing", "outcome": "", "seen": "0"})
    assert refused.status_code == 409 and "Give the outcome of the report." in refused.content.decode()
    forged = {"act": "nothing", "seen": "0", "outcome": "It is right.", "message": "No.", "address": "a@example.org"}
    assert client.post(decide, forged).status_code == 302
    closed = ErrorReport.objects.get()
    assert (closed.state, closed.message, closed.address) == ("nothing", "It was 17 seconds.", "")
    assert client.post(change, {"state": "nothing", "outcome": "No."}).status_code == 405
    assert client.post(f"{LIST}{report.pk}/delete/", {"post": "yes"}).status_code == 403


def test_open_reports_stand_on_the_start_page_of_editors(report, cast, client):
    client.force_login(cast.editor)
    assert "Errors that readers report" in client.get("/admin/").content.decode()
    client.force_login(cast.writer)
    assert "Errors that readers report" not in client.get("/admin/").content.decode()


def test_the_database_refuses_a_closed_report_that_keeps_an_address_or_gives_no_reason(report):
    for kept in ({"address": ""}, {"outcome": "Mended."}, {"address": "", "outcome": "Mended.", "closed_at": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ErrorReport.objects.update(**{"state": ReportState.NOTHING, "closed_at": timezone.now(), **kept})


def test_the_list_asks_the_same_few_questions_however_long_it_is(report, cast, client, django_assert_max_num_queries):
    ErrorReport.objects.bulk_create(
        ErrorReport(article=report.article, revision=report.revision, message=f"No. {serial}") for serial in range(60)
    )
    client.force_login(cast.editor)
    with django_assert_max_num_queries(9):
        assert client.get(LIST).status_code == 200
