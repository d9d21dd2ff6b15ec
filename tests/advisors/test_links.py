"""An editor sends an advisor a new link, or ends the existing ones; nobody else can."""

import pytest
from django.urls import reverse
from post_office.models import Email

from advisors import invitations, links, reviews
from advisors.models import Review, ReviewToken
from articles.exceptions import InvalidTransition, NotPermitted
from tests import mailing, newsroom
from tests.admin_forms import address, form_of


@pytest.fixture
def asked(cast) -> Review:
    newsroom.in_review(cast)
    return Review.objects.get(advisor=cast.advisors[0])


def press(review: Review, step: str) -> str:
    return reverse("admin:advisors_advisor_link", args=[review.pk, step])


def test_a_new_link_goes_to_the_advisor_and_ends_the_one_before(client, cast, asked, settings):
    settings.EMAIL_BACKEND = mailing.QUEUE
    old, other = invitations.issue(asked), invitations.issue(Review.objects.get(advisor=cast.advisors[1]))
    client.force_login(cast.editor)
    form = form_of(client.get(address(asked.submission.article)), press(asked, "send"))
    assert form.send(client).status_code == 302
    assert invitations.find(old) is None and invitations.find(other) is not None
    assert Email.objects.get().to == ["ada@example.org"]
    _, [email] = mailing.deliver(settings)
    raw = email.body.split("/board/r/")[1].split("/")[0]
    assert invitations.find(raw).review == asked


def test_links_are_ended_and_the_advisor_can_still_sign_in(client, cast, asked):
    raw = invitations.issue(asked)
    client.force_login(cast.editor)
    assert client.post(press(asked, "end")).status_code == 302
    assert invitations.find(raw) is None
    again = client.post(press(asked, "end"))
    assert again.status_code == 409 and "They have no valid link." in again.content.decode()
    client.force_login(cast.advisors[0].user)
    assert client.get(reverse("board:review", args=[asked.pk])).status_code == 200


@pytest.mark.parametrize("who", ["writer", "colleague", "outsider", "advisor1", "advisor2"])
def test_nobody_but_an_editor_sends_or_ends_them(client, cast, asked, who):
    invitations.issue(asked)
    before = list(ReviewToken.objects.values()), Email.objects.count()
    client.force_login(cast.everybody[who])
    for step, verb in (("send", links.send_link), ("end", links.end_links)):
        assert client.post(press(asked, step)).status_code in (302, 403, 404, 409)
        with pytest.raises(NotPermitted):
            verb(review=asked, actor=cast.everybody[who])
    assert (list(ReviewToken.objects.values()), Email.objects.count()) == before


def test_no_link_is_sent_for_a_review_that_is_answered(cast, asked):
    reviews.decline(review=asked, actor=cast.advisors[0].user, reason="On leave.")
    for verb in (links.send_link, links.end_links):
        with pytest.raises(InvalidTransition, match="no longer give this review: declined"):
            verb(review=asked, actor=cast.editor)


def test_no_link_is_ended_where_no_email_can_go(cast, asked):
    raw = invitations.issue(asked)
    type(cast.editor).objects.filter(pk=cast.advisors[0].user_id).update(email="not an address")
    with pytest.raises(InvalidTransition, match="No email can be sent"):
        links.send_link(review=asked, actor=cast.editor)
    assert invitations.find(raw) is not None
