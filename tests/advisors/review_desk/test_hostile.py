"""Hostile and unlucky use of the desk: late forms, two tabs, far too many words, and script in every field."""

import re
from html import escape, unescape

import pytest
from django.test import Client
from django.urls import reverse
from post_office.models import Email

from advisors import invitations, reviews, threads
from advisors.disclosures import Interest, disclose
from advisors.models import Comment, Question, Review, ReviewDraft, Verdict
from articles import workflow
from articles.exceptions import InvalidTransition
from articles.models import Article
from core.logs import HideSecrets
from tests import mailing, newsroom
from tests.admin_forms import address
from tests.advisors.review_desk.conftest import place, typed

SCRIPT = "<script>alert(1)</script>\"><img src=x onerror=alert(2)>'{{ 7|add:7 }}{% now 'Y' %}"
MANY = "A word " * 28_572  # 200,004 characters


def words(answer) -> str:
    return unescape(answer.content.decode())


@pytest.mark.parametrize("name", ["accept", "decline", "comment", "verdict"])
def test_a_form_that_comes_after_the_round_was_recalled_changes_nothing_and_gives_the_words_back(
    ada, cast, reading, name
):
    workflow.recall(article=reading.submission.article, actor=cast.writer)
    before = Review.objects.values().get(pk=reading.pk)
    said = {"remarks": "Mine, remarks.", "text": "Mine, text.", "reason": "Mine, reason."}
    answer = ada.post(place(name, reading), typed(reading, **said))
    assert answer.status_code in (302, 409)
    assert Review.objects.values().get(pk=reading.pk) == before and not Comment.objects.exists()
    kept = {"decline": "Mine, reason.", "comment": "Mine, text.", "verdict": "Mine, remarks."}
    if name in kept:
        assert answer.status_code == 409 and kept[name] in words(answer)


def test_what_a_second_tab_sends_after_the_verdict_comes_back(ada, reading):
    assert ada.post(place("verdict", reading), typed(reading)).status_code == 302
    late = ada.post(place("comment", reading), {"text": "From the second tab."})
    changed = ada.post(place("verdict", reading), typed(reading, verdict="changes", remarks="Second thoughts."))
    assert (late.status_code, changed.status_code) == (409, 409)
    assert "From the second tab." in words(late) and "Second thoughts." in words(changed)
    assert Review.objects.get(pk=reading.pk).verdict == Verdict.APPROVE and not Comment.objects.exists()


@pytest.mark.parametrize(
    ("name", "field"),
    [
        *(("comment", field) for field in ("text", "passage", "suggestion")),
        *(("verdict", field) for field in ("statement", "remarks")),
        *(("decline", field) for field in ("reason", "ask_instead")),
        ("thread", "text"),
    ],
)
def test_two_hundred_thousand_characters_are_refused_in_words_and_none_is_lost(ada, reading, name, field):
    remark = reviews.comment(review=reading, actor=reading.advisor.user, text="In whom?")
    url = place("thread", reading, remark.pk) if name == "thread" else place(name, reading)
    answer = ada.post(url, {**typed(reading, text="A", passage="17 minutes", reason="R"), field: MANY})
    assert answer.status_code in (400, 409) and "at most" in words(answer)
    assert MANY.strip() in words(answer)
    reading.refresh_from_db()
    assert (reading.verdict, reading.response) == ("", "accepted") and Comment.objects.count() == 1


def test_script_in_every_field_is_words_wherever_it_is_read(ada, cast, reading, settings):
    settings.EMAIL_BACKEND = mailing.QUEUE
    actor, article = cast.advisors[0].user, reading.submission.article
    ada.post(place("comment", reading), {"passage": SCRIPT, "text": SCRIPT, "suggestion": SCRIPT, "block": "1"})
    ada.post(place("thread", reading, Comment.objects.get().pk), {"text": SCRIPT})
    ada.post(reverse("board:profile"), {"job_title": SCRIPT, "affiliation": SCRIPT, "biography": SCRIPT})
    disclose(advisor=cast.advisors[0], actor=actor, interests=dict.fromkeys(Question, Interest(SCRIPT)))
    ben = Client()
    ben.force_login(cast.advisors[1].user)
    other = Review.objects.get(advisor=cast.advisors[1])
    ben.post(place("decline", other), {"reason": SCRIPT, "ask_instead": SCRIPT})
    kept = {"statement": SCRIPT, "remarks": SCRIPT, "reply_1": SCRIPT, "text": SCRIPT, "seen": ""}
    assert ada.post(place("typed", reading), kept).status_code == 200
    pages = [place("review", reading), reverse("board:desk"), reverse("board:profile"), reverse("board:disclosure")]
    read = [ada.get(url).content.decode() for url in pages]
    ada.post(place("typed", reading), {"seen": _seen(read[0])})
    fields = {"conflict": "declared", "statement": SCRIPT, "remarks": SCRIPT, "remarks_shown": "signed"}
    assert ada.post(place("verdict", reading), typed(reading, **fields)).status_code == 302
    read += [ada.get(url).content.decode() for url in pages]
    read += [ben.get(place("review", other)).content.decode()]
    read += [Client().get(reverse("experts:expert", args=["ada"])).content.decode()]
    editor = Client()
    editor.force_login(cast.editor)
    read += [editor.get(address(article)).content.decode()]
    read += list(Email.objects.values_list("html_message", flat=True))
    assert sum(SCRIPT in unescape(page) for page in read) >= 10
    for page in read:
        assert "<script>alert" not in page and "<img src=x" not in page
    assert not any(re.search(r"[\x00-\x1f]", subject) for subject in Email.objects.values_list("subject", flat=True))


def _seen(page: str) -> str:
    return re.search(r'data-seen="([^"]*)"', page)[1]


def test_wording_for_a_passage_that_is_no_longer_there_stays_open_and_the_text_as_it_is(cast, reading):
    actor = cast.advisors[0].user
    remark = reviews.comment(
        review=reading, actor=actor, text="Softer.", passage="longer by 17 minutes", suggestion="a little longer"
    )
    workflow.recall(article=reading.submission.article, actor=cast.writer)
    newsroom.rewrite(cast, article_of(reading), body="<p>Another text altogether.</p>")
    article = article_of(reading)
    with pytest.raises(InvalidTransition, match="no longer in the text"):
        threads.take(comment=remark, actor=cast.writer, seen_version=article.version)
    assert article_of(reading).body == "<p>Another text altogether.</p>" and not remark.marks.exists()
    # On the page of the next round, it is shown with the words that it is about.
    newsroom.rewrite(cast, article, body=newsroom.content()["body"])
    newsroom.submit(cast, article_of(reading))
    again = Review.objects.filter(advisor=cast.advisors[0]).first()
    browser = Client()
    browser.force_login(actor)
    reviews.accept(review=again, actor=actor)
    assert "longer by 17 minutes" in browser.get(place("review", again)).content.decode()


def article_of(review: Review) -> Article:
    return Article.objects.get(pk=review.submission.article_id)


def test_signs_that_no_table_takes_are_left_out_of_what_is_kept(ada, reading):
    answer = ada.post(place("typed", reading), {"remarks": "Seven\x00teen\x0b minutes", "text": "\x00", "seen": ""})
    assert answer.status_code == 200
    assert ReviewDraft.objects.get(review=reading).typed == {"remarks": "Seventeen\n minutes"}


def test_a_header_is_never_split_by_what_somebody_typed(cast, settings):
    settings.EMAIL_BACKEND = mailing.QUEUE
    newsroom.in_review(cast, title="Sleep\r\nBcc: all@example.org\x0b\x0cX: y\u2028Z: z")
    review = Review.objects.get(advisor=cast.advisors[0])
    Review.objects.filter(pk=review.pk).update(advisor_name="Ada\r\nBcc: all@example.org")
    review.refresh_from_db()
    reviews.decline(review=review, actor=cast.advisors[0].user, reason="No.\r\nBcc: all@example.org")
    _, sent = mailing.deliver(settings)
    assert {to for email in sent for to in email.to} == {"ben@example.org", "editor@example.org"}
    for email in sent:
        message = email.message()
        assert message["Bcc"] is None and message["X"] is None and message["Z"] is None
        assert not re.search(r"[\x00-\x1f\x7f\u2028\u2029]", str(email.subject)) and len(email.to) == 1


def test_a_token_is_in_no_log_whatever_comes_of_it(client, reading, caplog):
    raw = invitations.issue(reading)
    invitations.revoke(reading)
    for url in (f"/board/r/{raw}/", f"/board/r/{raw}", f"/board/r/{raw}/more/"):
        client.get(url), client.post(url, {"answer": "accept"}), client.put(url)
    written = []
    for record in caplog.records:
        HideSecrets().filter(record)
        written.append(record.getMessage())
    assert written and not any(raw in line for line in written)


def test_a_difference_with_script_in_its_words_and_keys_stays_words(ada, cast, reading):
    reviews.comment(review=reading, actor=reading.advisor.user, text="In whom?")
    ada.post(place("verdict", reading), typed(reading, verdict="changes"))
    forged = escape(f'<span class="cmp-cite">[doe2020]</span>{SCRIPT}')
    body = f'<p>Sleep was longer by 17 minutes. {forged}<sup data-cite="doe2020"></sup></p>'
    newsroom.rewrite(cast, article_of(reading), body=body)
    newsroom.submit(cast, article_of(reading))
    again = Review.objects.filter(advisor=cast.advisors[0]).first()
    page = ada.get(place("review", again)).content.decode()
    assert "<script>alert" not in page and "<img src=x" not in page
    assert page.count('<a href="#Beside-1" aria-label="Source 1">1</a>') >= 1
    assert "&lt;span class=&quot;cmp-cite&quot;&gt;[doe2020]" in page
