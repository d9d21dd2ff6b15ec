"""Where editors see error reports, and the passage in its paragraph."""

import pytest
from django.db import connection
from django.urls import reverse

from tests.website.error_reports import LIST, correct
from website.error_reports import handling
from website.error_reports.passages import place_of
from website.models import ErrorReport, ReportState


def test_the_passage_is_marked_in_the_version_seen_and_in_the_current_one(receive, cast, article, editor):
    report = receive(passage="Sleep was longer by 17 minutes.[1]")
    assert "<mark>Sleep was longer by 17 minutes</mark>." in editor.page(report)
    assert "Readers still see that text." in editor.page(report)
    correct(cast, article)
    html = editor.page(report)
    assert html.count("<mark>") == 1 and "is no longer there in these words" in html
    assert reverse("website:version", args=[article.slug, 1]) in html


@pytest.mark.parametrize(
    ("copied", "words"),
    [
        ("longer by 17 minutes.1", "longer by 17 minutes"),
        ("LONGER  by\n17 minutes", "longer by 17 minutes"),
        ("The trials\nSleep was", "The trials\nSleep was"),
        ("eep was", None),
        ("…", None),
        ("not there", None),
    ],
)
def test_a_passage_is_found_whatever_its_spacing_and_citation_marks(article, copied, words):
    place = place_of(article.head(), copied)
    assert (place.words if place else None) == words


def test_html_in_a_report_is_shown_as_text(receive, editor, client):
    report = receive("<script>alert(1)</script>", passage="<img src=x onerror=alert(1)>")
    for html in (editor.page(report), client.get(LIST).content.decode(), client.get("/admin/").content.decode()):
        assert "<script>alert" not in html and "<img src=x" not in html


def test_open_reports_stand_beside_the_article_for_those_who_may_see_them(receive, cast, article, client):
    report = receive("It was <b>17</b> seconds.")
    page = reverse("admin:articles_article_change", args=[article.pk])
    client.force_login(cast.editor)
    html = client.get(page).content.decode()
    assert f"{LIST}{report.pk}/change/" in html and "It was &lt;b&gt;17" in html
    client.force_login(cast.writer)
    assert f"{LIST}{report.pk}/change/" not in client.get(page).content.decode()
    client.force_login(cast.editor)
    handling.close(report=report, actor=cast.editor, state=ReportState.SPAM)
    assert f"{LIST}{report.pk}/change/" not in client.get(page).content.decode()


def test_ten_thousand_reports_on_one_article_cost_a_page_no_more(
    report, article, editor, client, django_assert_max_num_queries
):
    ErrorReport.objects.bulk_create(
        ErrorReport(article=article, revision=report.revision, message=f"No. {serial} " + "x" * 300)
        for serial in range(10_000)
    )
    with django_assert_max_num_queries(20):
        html = editor.page(report)
    assert html.count("No. ") <= 20
    with django_assert_max_num_queries(9):
        assert client.get(f"{LIST}?state__exact=open&p=3").status_code == 200
    with django_assert_max_num_queries(60):
        html = client.get(reverse("admin:articles_article_change", args=[article.pk])).content.decode()
    assert "1,000+" in html
    every = f"{LIST}?state__exact=open&amp;on={article.pk}"
    assert every in html and client.get(every.replace("&amp;", "&")).status_code == 200


def test_the_open_reports_on_an_article_are_found_by_an_index(report, article):
    assert "error_report_of_article" in ErrorReport.objects.waiting().filter(article=article)[:6].explain() or (
        connection.vendor != "sqlite"
    )


def test_the_list_is_cut_by_outcome(receive, cast, client):
    spam, nothing = receive("One."), receive("Two.")
    handling.close(report=spam, actor=cast.editor, state=ReportState.SPAM)
    handling.close(report=nothing, actor=cast.editor, state=ReportState.NOTHING, outcome="Right.")
    client.force_login(cast.editor)
    html = client.get(f"{LIST}?state__exact=spam").content.decode()
    assert "One." in html and "Two." not in html


@pytest.mark.parametrize("number", ["0", "x", "9" * 40, "-1"])
def test_a_report_that_is_not_there_is_not_found(report, editor, client, number):
    assert client.get(f"{LIST}{number}/change/").status_code == 404
    assert client.post(f"{LIST}{number}/decide/", {"seen": 0, "act": "spam"}).status_code == 404
