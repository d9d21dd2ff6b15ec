"""The form of a submission says what is missing, who will be asked, how many must approve, and by when."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from advisors.admin.expected_reviewers import expected_reviewers
from advisors.models import PanelMember
from articles.models import Article, Topic
from core import times
from tests import newsroom
from tests.admin_forms import address

BRIEFING = re.compile(r'<div class="briefing">(.*?)</div>', re.DOTALL)


@pytest.fixture
def writing(client, cast):
    client.force_login(cast.writer)
    return client


def briefing(client, article: Article) -> str:
    """Return the text of the briefing in the sheet of the submission."""
    [found] = BRIEFING.findall(client.get(address(article)).content.decode())
    return unescape(" ".join(re.sub(r"<[^>]+>", " ", found).split()))


def test_it_names_the_reviewers_with_specialty_and_load(writing, cast):
    cast.advisors[0].specialties.set([cast.topic])
    newsroom.in_review(cast)
    said = briefing(writing, newsroom.draft(cast))
    assert "Dr Ada, PhD Sleep · 1 open review Dr Ben, PhD 1 open review" in said


def test_it_says_how_many_must_approve_and_by_when(writing, cast):
    cast.topic.review_quorum, cast.topic.review_due_days, cast.topic.needs_specialist = 3, 5, True
    cast.topic.save()
    said = briefing(writing, newsroom.draft(cast))
    due = times.day(timezone.localdate() + timedelta(days=5))
    assert f"3 approvals are needed. Answers are expected by {due}" in said
    assert "One of them must be of a specialist in Sleep." in said


def test_it_says_what_is_missing(writing, cast):
    article = newsroom.draft(cast, panel=1, standfirst="")
    said = briefing(writing, article)
    assert "The article does not have a standfirst yet." in said
    assert "1 of the 2 reviewers needed is confirmed." in said


def test_it_says_when_nothing_is_missing(writing, cast):
    article = newsroom.draft(cast)
    newsroom.answer_warnings(article, cast.writer)
    assert "Nothing is missing." in briefing(writing, article)


def test_it_says_who_is_left_out_and_why(writing, cast):
    article = newsroom.draft(cast, panel=1)
    PanelMember.objects.create(article=article, advisor=cast.advisors[1], proposed_by=cast.writer)
    cast.advisors[2].is_active = False
    cast.advisors[2].save()
    PanelMember.objects.create(article=article, advisor=cast.advisors[2], confirmed=True, proposed_by=cast.editor)
    said = briefing(writing, article)
    assert "Dr Ben, PhD Proposed: an editor has to confirm them first." in said
    assert "Dr Cleo, PhD No longer on the board." in said


def test_a_refused_submission_says_it_again(writing, cast):
    article = newsroom.draft(cast, standfirst="")
    answer = writing.post(f"{address(article).removesuffix('change/')}do/submit/", {"submit-seen": "1"})
    assert answer.status_code == 409
    assert BRIEFING.search(answer.content.decode())


def test_it_names_whom_a_submission_asks(writing, cast):
    article = newsroom.draft(cast)
    expected = [reviewer.name for reviewer in expected_reviewers(Article, article) if not reviewer.hindrance]
    submission = newsroom.submit(cast, article)
    assert [review.advisor_name for review in submission.reviews.order_by("advisor__name")] == expected


def test_more_reviewers_need_no_more_queries(cast):
    article = newsroom.draft(cast)
    counts = []
    for names in (("dora", "emil"), ("fay", "gus", "hal", "ida")):
        for name in names:
            member = newsroom.advisor(name)
            member.specialties.add(Topic.objects.create(name=name, slug=name))
            PanelMember.objects.create(article=article, advisor=member, confirmed=True, proposed_by=cast.editor)
        with CaptureQueriesContext(connection) as queries:
            assert len(expected_reviewers(Article, Article.objects.get(pk=article.pk))) > len(names)
        counts.append(len(queries))
    assert counts[0] == counts[1]
