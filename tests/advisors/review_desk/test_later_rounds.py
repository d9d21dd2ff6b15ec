"""Third rounds and renewals are compared with the text that the advisor approved last."""

import re

from django.test import Client
from django.urls import reverse

from advisors import emails, invitation_reasons, invitations, panel
from articles import workflow
from articles.models import Article, Reason
from tests import mailing, newsroom
from tests.advisors.review_desk.conftest import BODY, accepted, asked_now, place
from tests.advisors.review_desk.test_review_page import words


class TestInTheThirdRound:
    def test_the_review_compared_with_is_the_second(self, third):
        before = invitation_reasons.earlier_review(third)
        assert before.was_approved and before.revision.number == 2

    def test_the_page_shows_what_changed_since_the_second_text(self, ada, third):
        page = words(ada.get(place("review", third)))
        assert "Compared with revision 2, which you approved" in page
        assert re.search(r"<del>.*20.*</del><ins>.*30.*</ins>", page) and "10 minutes" not in page

    def test_the_page_that_an_email_leads_to_speaks_of_the_second_text(self, third):
        page = words(Client().get(reverse("board:arrive", args=[invitations.issue(third)])))
        assert "You approved revision 2 on" in page

    def test_the_invitation_speaks_of_the_second_text(self, settings, third):
        settings.EMAIL_BACKEND = mailing.QUEUE
        mailing.deliver(settings)
        emails.invitation(third)
        _, [email] = mailing.deliver(settings)
        assert "You approved revision 2 on" in email.body and "what has changed since" in email.body

    def test_without_an_approval_the_text_they_took_on_last_is_compared_with(self, cast):
        article = newsroom.draft(cast, body=BODY.format(10))
        for minutes in (20, 30):
            newsroom.submit(cast, article)
            accepted(cast)
            workflow.recall(article=article, actor=cast.writer)
            newsroom.rewrite(cast, article, body=BODY.format(minutes))
        newsroom.submit(cast, article)
        before = invitation_reasons.earlier_review(asked_now(cast))
        assert not before.was_approved and before.revision.number == 2


def test_a_renewal_is_of_the_very_text_they_approved_last(ada, cast, renewal):
    page = words(ada.get(place("review", renewal)))
    assert "The text is word for word revision 3, which you approved before." in page
    assert "<del>" not in page and "What changed" not in page
    assert "a renewal: readers see this text already" in page


def exchange(article, leaving, coming, editor) -> None:
    """Replace one reviewer with another."""
    panel.take_off(article=article, advisor=leaving, actor=editor)
    panel.assign(article=article, advisor=coming, actor=editor)


def test_a_renewal_says_nothing_false_to_who_approved_an_older_text(ada, cast):
    """Others approved the second text. For Ada, it is a renewal of a text that has changed since her review."""
    article = newsroom.published(cast, body=BODY.format(10))
    exchange(article, cast.advisors[0], cast.advisors[2], cast.editor)
    newsroom.rewrite(cast, article, body=BODY.format(20))
    newsroom.approve(newsroom.submit(cast, article))
    newsroom.publish(cast, Article.objects.get())
    exchange(article, cast.advisors[2], cast.advisors[0], cast.editor)
    workflow.submit(article=Article.objects.get(), actor=cast.editor, reason=Reason.RENEWAL)
    page = words(ada.get(place("review", asked_now(cast))))
    assert "Compared with revision 1, which you approved" in page and "the text is unchanged" not in page
