"""The board's emails: who gets each one and when, its text, and that all of them read well without real data."""

import re
from datetime import UTC, date, datetime, timedelta
from html import unescape
from pathlib import Path

import pytest
import time_machine
from django.conf import settings as site
from django.core import mail as django_mail
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from post_office.models import Email

from advisors import emails, panel, proposals, reviews
from advisors.models import Conflict, RemarksShown, Review, ScheduledEmail, Verdict, Vouch
from advisors.personal_data import consents
from advisors.quorum import emails as quorum_emails
from advisors.quorum import taking_back
from advisors.weekly_digest import WeeklyDigest
from articles import workflow
from articles.models import Article
from articles.round_changes import due_date, terms
from mail import calendar as ics
from mail import sending
from tests import mailing, newsroom

EVIL = 'A & <b>"magnesium"</b>, {{ sleep }}; %s\\n'
TEMPLATES = sorted({path.stem for path in Path().glob("*/templates/emails/*") if not path.name.startswith("_")})


@pytest.fixture(autouse=True)
def queue(settings):
    settings.EMAIL_BACKEND = mailing.QUEUE
    return settings


def to_whom(*recipients: str) -> list[str]:
    return [f"{name}@example.org" for name in recipients]


def wrote(what) -> list[tuple[str, str]]:
    """Return the emails that were queued while the function ran."""
    before = set(Email.objects.values_list("pk", flat=True))
    what()
    return [(row.to[0], row.subject) for row in Email.objects.exclude(pk__in=before).order_by("pk")]


def parsed(calendar: str) -> dict[str, str]:
    """Return the unfolded and unescaped lines, as a calendar reads them: RFC 5545, 3.1 and 3.3.11."""
    assert calendar.endswith("\r\n") and not re.search(r"[^\r]\n|\r[^\n]", calendar)
    assert all(len(line.encode()) <= 75 for line in calendar.split("\r\n"))
    lines = calendar.replace("\r\n ", "").split("\r\n")[:-1]
    pairs = [line.partition(":")[::2] for line in lines]
    unescaped = {"n": "\n", "N": "\n"}
    return {name: re.sub(r"\\(.)", lambda found: unescaped.get(found[1], found[1]), value) for name, value in pairs}


def test_an_invitation_goes_to_everybody_who_is_asked_and_says_what_it_is_about(cast, queue):
    cast.advisors[0].specialties.add(cast.topic)
    with time_machine.travel("2026-12-01 09:30Z", tick=False):
        newsroom.in_review(cast, title=EVIL)
    assert [to for to, _ in mailing.queued()] == to_whom("ada", "ben")
    _, [first, second] = mailing.deliver(queue)
    assert "Dear Dr Ada" in first.body and "by Tuesday, 15 December 2026" in first.body
    assert EVIL in first.body and "What trials have measured." in first.body
    assert "Why you: It is about Sleep," in first.body and "Why you: The editors have chosen you" in second.body
    assert "Readers see your name and credentials with this exact text" in first.body
    links = set(re.findall(r"http://127\.0\.0\.1:8000/board/r/[\w-]{43}/\?answer=(accept|decline)", first.body))
    assert links == {"accept", "decline"}
    html = first.alternatives[0][0]
    assert "<b>" not in html and EVIL in unescape(html) and set(re.findall(r"\?answer=(\w+)", html)) == links


def test_an_invitation_to_a_second_round_says_what_they_said_before_and_what_the_writer_answers(cast, queue):
    article = newsroom.draft(cast)
    with time_machine.travel("2026-12-01 09:30Z", tick=False):
        newsroom.verdict(newsroom.submit(cast, article).reviews.get(advisor=cast.advisors[0]), Verdict.CHANGES)
    mailing.deliver(queue)
    newsroom.rewrite(cast, article, standfirst="In people over 60.")
    newsroom.answer_warnings(article, cast.writer)
    workflow.submit(article=Article.objects.get(pk=article.pk), actor=cast.writer, note="We now say for whom.")
    _, [again, first] = mailing.deliver(queue)
    said = "You requested changes to revision 1 on 1 December 2026. The page first shows what has changed since."
    assert again.to == to_whom("ada") and said in again.body and said in again.alternatives[0][0]
    assert "We now say for whom." in again.body and "Written by Wanda Writer, MSc" in again.body
    assert first.to == to_whom("ben") and "You requested changes" not in first.body


def test_the_invitation_carries_the_due_date_for_a_calendar(cast, queue):
    with time_machine.travel("2026-12-01 09:30Z", tick=False):
        newsroom.in_review(cast, title=EVIL)
    _, [email, _] = mailing.deliver(queue)
    [(name, content, kind)] = email.attachments
    found = parsed(content)
    assert (name, kind) == ("review-due.ics", "text/calendar")
    assert found["UID"] == f"review-{Review.objects.order_by('pk').first().pk}@127.0.0.1"
    assert (found["DTSTART;VALUE=DATE"], found["DTEND;VALUE=DATE"]) == ("20261215", "20261216")
    assert (found["DTSTAMP"], found["METHOD"]) == ("20261201T093000Z", "PUBLISH")
    assert found["SUMMARY"] == f"Review due: {EVIL}" and "/board/r/" not in content


@pytest.mark.parametrize(
    "title", ["plain", "a,b;c\\d", "x" * 400, "ä" * 200, "🌙" * 100, "two\nlines", "\x0b\x85\u2028x"]
)
def test_a_calendar_is_read_back_as_it_was_written(title):
    made_at = datetime(2026, 12, 31, 23, 59, tzinfo=UTC)
    day = date(2026, 12, 31)
    text = ics.whole_day(uid="a@b", day=day, title=title, notes=title, made_at=made_at, made_by=title)
    found = parsed(text)
    assert found["SUMMARY"] == found["DESCRIPTION"] == re.sub("[\x0b\x85\u2028]", "\n", title).strip("\n")
    assert found["PRODID"].startswith("-//") and found["PRODID"].endswith("//Reviews//EN")
    assert found["DTEND;VALUE=DATE"] == "20270101"


def test_the_invitation_falls_with_the_submission(cast):
    article = newsroom.draft(cast)
    with pytest.raises(RuntimeError), transaction.atomic():
        newsroom.submit(cast, article)
        raise RuntimeError
    assert not Email.objects.exists() and not ScheduledEmail.objects.exists()


def test_somebody_who_is_asked_later_gets_an_invitation_and_nobody_gets_a_second(cast):
    article = newsroom.in_review(cast)
    asked = wrote(lambda: panel.assign(article=article, advisor=cast.advisors[2], actor=cast.editor))
    assert [to for to, _ in asked] == to_whom("cleo")


def test_the_row_of_an_invitation_says_that_it_went(cast):
    newsroom.in_review(cast)
    rows = ScheduledEmail.objects.filter(occasion="invitation")
    assert {(row.recipient.email, bool(row.sent_at)) for row in rows} == {(to, True) for to in to_whom("ada", "ben")}


def test_an_address_that_is_none_holds_up_no_round(cast, caplog):
    user = cast.advisors[0].user
    bad = "ada@example.org\nBcc: thief@example.org"
    type(user).objects.filter(pk=user.pk).update(email=bad)
    vouched = Vouch.objects.filter(advisor=cast.advisors[0]).values().get() | {"id": None, "address": bad}
    Vouch.objects.create(**vouched)
    newsroom.in_review(cast)
    assert [to for to, _ in mailing.queued()] == to_whom("ben") and "No email to user" in caplog.text
    assert ScheduledEmail.objects.get(recipient=user).sent_at is None


def test_nobody_who_was_switched_off_is_written_to(cast):
    user = cast.advisors[0].user
    type(user).objects.filter(pk=user.pk).update(is_active=False)
    newsroom.in_review(cast)
    assert [to for to, _ in mailing.queued()] == to_whom("ben")


def test_a_refusal_tells_the_editors_why_and_whom_to_ask(cast):
    newsroom.in_review(cast)
    review = Review.objects.get(advisor=cast.advisors[0])
    actor = review.advisor.user
    said = {"reason": "On leave <until> May.", "ask_instead": "Dr Cleo & co"}
    told = wrote(lambda: reviews.decline(review=review, actor=actor, **said))
    assert told == [("editor@example.org", "Dr Ada, PhD declines “Magnesium and sleep”")]
    row = Email.objects.latest("pk")
    assert "On leave <until> May." in row.message and "Would ask instead: Dr Cleo & co" in row.message
    assert "On leave &lt;until&gt; May." in row.html_message


def test_a_verdict_is_confirmed_with_the_digest_and_everything_that_was_said(cast):
    newsroom.in_review(cast)
    review = Review.objects.get(advisor=cast.advisors[0])
    told = wrote(lambda: newsroom.verdict(review, Verdict.CHANGES, Conflict.DECLARED))
    assert told[0] == ("ada@example.org", "Your verdict on “Magnesium and sleep”: request changes")
    words = Email.objects.get(subject=told[0][1]).message
    digest = review.submission.revision.digest
    for said in (digest, "A grant.", "Say for whom this holds.", "request changes", "revision 1"):
        assert said in words


def test_a_comment_is_confirmed_with_its_passage_and_the_wording_that_was_suggested(cast):
    newsroom.in_review(cast)
    review = Review.objects.get(advisor=cast.advisors[0])
    reviews.accept(review=review, actor=review.advisor.user)
    reviews.comment(
        review=review,
        actor=review.advisor.user,
        text="By how much?",
        passage="Sleep was longer",
        suggestion="It lasted",
    )
    reviews.give_verdict(
        authentication=newsroom.SIGNED_IN,
        review=review,
        actor=review.advisor.user,
        conflict=Conflict.NONE,
        verdict=Verdict.APPROVE,
        digest=review.submission.revision.digest,
        remarks="A careful text.",
        remarks_shown=RemarksShown.SIGNED,
        ticks=newsroom.ticks(review.submission.article),
    )
    words = Email.objects.latest("pk").message
    for said in ("On “Sleep was longer”:", "By how much?", "Suggested wording: “It lasted”", "shown, with my name"):
        assert said in words


def test_a_verdict_that_is_rolled_back_is_not_confirmed(cast):
    newsroom.in_review(cast)
    review = Review.objects.get(advisor=cast.advisors[0])

    def give() -> None:
        with pytest.raises(RuntimeError), transaction.atomic():
            newsroom.verdict(review)
            raise RuntimeError

    assert wrote(give) == []


def test_a_quorum_tells_the_editors_and_thanks_who_had_not_answered(cast):
    article = newsroom.draft(cast, panel=3)
    submission = newsroom.submit(cast, article)
    first, second, _ = submission.reviews.order_by("pk")
    newsroom.verdict(first)
    told = wrote(lambda: newsroom.verdict(second))
    assert told == [
        ("ben@example.org", "Your verdict on “Magnesium and sleep”: approve"),
        ("cleo@example.org", "The round on “Magnesium and sleep” is over"),
        ("editor@example.org", "The board has approved “Magnesium and sleep”"),
    ]
    assert "Dr Ada, PhD" in Email.objects.latest("pk").message


def test_requested_changes_are_told_to_the_editors_and_the_writer_with_the_words(cast):
    newsroom.in_review(cast)
    told = wrote(lambda: newsroom.verdict(Review.objects.get(advisor=cast.advisors[0]), Verdict.CHANGES))
    assert [to for to, _ in told] == to_whom("ada", "ben", "editor", "writer")
    row = Email.objects.latest("pk")
    assert row.subject == "Changes requested: “Magnesium and sleep”"
    assert "Dr Ada, PhD has requested" in row.message and "Say for whom this holds." in row.message


def test_an_editor_is_not_told_what_they_did_themselves(cast):
    article = newsroom.in_review(cast)
    told = wrote(lambda: workflow.request_changes(article=article, actor=cast.editor, reason="For whom?"))
    assert [to for to, _ in told] == to_whom("ada", "ben", "writer")
    article = newsroom.in_review(cast, title="Another")
    told = wrote(lambda: workflow.request_changes(article=article, actor=cast.admin, reason="For whom?"))
    assert [to for to, _ in told] == to_whom("ada", "ben", "editor", "writer")
    assert "Admin has requested" in Email.objects.latest("pk").message


def test_a_recall_tells_those_who_were_asked(cast):
    article = newsroom.in_review(cast)
    told = wrote(lambda: workflow.recall(article=article, actor=cast.writer))
    assert {subject for _, subject in told} == {"The round on “Magnesium and sleep” is over"}
    assert [to for to, _ in told] == to_whom("ada", "ben")


def test_every_email_has_a_sample_and_every_sample_an_email():
    assert sorted(sending.SAMPLES) == TEMPLATES


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_sample_says_everything_that_its_email_asks_for(settings, name):
    options = {"builtins": site.TEMPLATES[0]["OPTIONS"]["builtins"]}
    settings.TEMPLATES = [{**site.TEMPLATES[0], "OPTIONS": {**options, "string_if_invalid": "MISSING:%s"}}]
    subject, text, html = sending.render(name, sending.SAMPLES[name][1]())
    assert "MISSING" not in subject + text + html
    assert len(subject) > 10 and "\n" not in subject and "The Betterment Project" in text
    assert '<html lang="en-GB">' in html and html.count("<h1>") == 1 and "color-scheme" in html
    assert not re.search(r"<img|<script|<link|url\(|@import|\n{3}", html.replace("\n\n\n", "")) and "{{" not in html
    assert not re.search(r"\n\n\n|&amp;|&#", text)


def real_contexts(cast, monkeypatch) -> dict[str, dict]:
    """Return the contexts that the functions of advisors.emails and advisors.quorum.emails build, by email."""
    seen: dict[str, dict] = {}

    def note(name, context, people, *, asks=None, files=()):
        seen[name] = {**context, **({"token": ""} if asks else {})}
        return 1

    def note_told(event, name, context, people, *, key, actor=None):
        return note(name, context, people)

    for module in (emails, quorum_emails):
        monkeypatch.setattr(module, "queue", note)
        monkeypatch.setattr(module, "tell", note_told)
    submission = newsroom.submit(cast, newsroom.draft(cast, panel=3))
    first, second, third = submission.reviews.order_by("pk")
    emails.due_soon(first), emails.overdue(first), emails.new_link(first)
    emails.editors_overdue(submission, cast.editor, ["Dr Ada"])
    emails.disclosure_due(cast.advisors[0])
    quorum_emails.advisor_left(submission, cast.advisors[2], "1 of 2 approvals that count.")
    reviews.decline(review=third, actor=third.advisor.user, reason="On leave.")
    newsroom.verdict(first)
    newsroom.verdict(taking_back.take_back(review=first, actor=first.advisor.user))
    newsroom.verdict(second)
    other = newsroom.submit(cast, newsroom.draft(cast, title="Another", panel=3))
    first, second, third = other.reviews.order_by("pk")
    reviews.accept(review=second, actor=second.advisor.user)
    reviews.ask_for_time(review=second, actor=second.advisor.user)
    later = other.due_on + timedelta(days=7)
    due_date.change_due_date(article=other.article, actor=cast.editor, due_on=later, reason="Take your time.")
    terms.change_terms(article=other.article, actor=cast.editor, quorum=3, reason="The claim is bold.")
    reviews.decline(review=third, actor=third.advisor.user, reason="On leave.")
    reviews.reopen(review=third, actor=third.advisor.user)
    panel.release(review=third, actor=cast.editor, reason="Somebody else has agreed to read it.")
    newsroom.verdict(first, Verdict.CHANGES)
    newsroom.verdict(second, conflict=Conflict.DECLARED)
    workflow.recall(article=newsroom.in_review(cast, title="A fourth"), actor=cast.writer)
    emails.editors_weekly(cast.editor, WeeklyDigest([], [], [], [], [], []))
    article = newsroom.draft(cast, title="A third", panel=0)
    members = proposals.propose(article=article, advisors=cast.advisors[:1], actor=cast.writer)
    proposals.confirm(article=article, members=[member.pk for member in members], actor=cast.editor)
    consents.withdraw(advisor=cast.advisors[2], actor=cast.advisors[2].user)
    return seen


def test_samples_are_made_of_what_the_emails_are_made_of(cast, monkeypatch):
    real = real_contexts(cast, monkeypatch)
    ours = {name for name, (_, make) in sending.SAMPLES.items() if make.__module__ == "advisors.email_samples"}
    assert set(real) == ours
    for name, context in real.items():
        assert set(sending.SAMPLES[name][1]()) == set(context), name


@pytest.mark.parametrize("who", ["editor", "admin"])
def test_editors_see_every_email_as_it_reads(client, cast, who):
    client.force_login(cast.everybody[who])
    listed = client.get(reverse("admin:advisors_email_samples")).content.decode()
    for name in TEMPLATES:
        assert reverse("admin:advisors_email_sample", args=[name]) in listed
        page = client.get(reverse("admin:advisors_email_sample", args=[name]))
        subject, _, html = sending.render(name, sending.SAMPLES[name][1]())
        assert subject in unescape(page.content.decode()) and 'sandbox=""' in page.content.decode()
        alone = client.get(reverse("admin:advisors_email_sample_html", args=[name]))
        policy = alone.headers["Content-Security-Policy"]
        assert policy.startswith("sandbox; default-src 'none'; style-src 'unsafe-inline';") and "script" not in policy
        assert alone.headers["X-Frame-Options"] == "SAMEORIGIN" and alone.headers["Cache-Control"].count("no-store")
    assert client.get(reverse("admin:advisors_email_sample", args=["nothing"])).status_code == 404
    assert not django_mail.outbox and not Email.objects.exists()


@pytest.mark.parametrize("who", ["writer", "colleague", "advisor1", "outsider"])
def test_the_emails_are_closed_to_everybody_else(client, cast, who):
    newsroom.in_review(cast)
    client.force_login(cast.everybody[who])
    places = [reverse("admin:advisors_scheduledemail_changelist"), reverse("admin:advisors_email_samples")]
    places += [reverse("admin:advisors_scheduledemail_change", args=[ScheduledEmail.objects.first().pk])]
    places += [reverse(f"admin:advisors_{view}", args=["round_over"]) for view in ("email_sample", "email_sample_html")]
    assert {client.get(place).status_code for place in places} <= {302, 403}


@pytest.mark.parametrize("who", ["editor", "admin"])
def test_what_is_due_is_looked_at_and_not_changed(client, cast, who):
    newsroom.in_review(cast)
    client.force_login(cast.everybody[who])
    row, base = ScheduledEmail.objects.first(), reverse("admin:advisors_scheduledemail_changelist")
    before = list(ScheduledEmail.objects.values())
    assert client.get(f"{base}{row.pk}/change/").status_code == 200
    for place in (base, f"{base}add/", f"{base}{row.pk}/change/", f"{base}{row.pk}/delete/"):
        client.post(place, {"post": "yes", "action": "delete_selected", "_selected_action": row.pk, "key": "x"})
    assert list(ScheduledEmail.objects.values()) == before
    for state, shown in {"due": 0, "sent": 2, "cancelled": 0}.items():
        assert client.get(base, {"state": state}).context["cl"].result_count == shown


def test_the_list_of_what_is_due_costs_the_same_however_long_it_is(client, cast):
    client.force_login(cast.editor)
    base, counts = reverse("admin:advisors_scheduledemail_changelist"), []
    for rounds in (1, 6):
        for place in range(rounds):
            newsroom.in_review(cast, title=f"Text {place}")
        with CaptureQueriesContext(connection) as queries:
            assert client.get(base).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
