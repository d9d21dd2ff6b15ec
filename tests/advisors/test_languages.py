"""People see the pages in their own language, but what they store stays in the language of the code."""

import pytest
from django.utils.translation import override
from post_office.models import Email

from advisors import proposals
from advisors.disclosures import Interest, in_words
from advisors.models import Advisor, Question
from tests import mailing, newsroom
from tests.catalogues import write_catalogue


@pytest.fixture
def german(settings, tmp_path):
    words = {
        "Consulting fees": "Beratungshonorare",
        "withdrawn": "zurückgezogen",
        "%(by)s has withdrawn your proposal of %(names)s to review “%(title)s”.": "Zurückgezogen: %(names)s.",
    }
    write_catalogue(tmp_path, "de", words)
    settings.LOCALE_PATHS = [tmp_path]
    with override("de"):
        yield


def test_a_disclosure_that_approvals_copy_is_not_translated(german):
    interests = {question: Interest() for question in Question} | {Question.CONSULTING: Interest("From a maker.")}
    assert Question.CONSULTING.label == "Beratungshonorare"
    assert in_words(interests) == "No fees from this publication.\nConsulting fees: From a maker."


def test_an_email_knows_a_withdrawn_proposal_in_every_language(settings, cast, german):
    settings.EMAIL_BACKEND = mailing.QUEUE
    article = newsroom.draft(cast, title="Magnesium", panel=0)
    ada = Advisor.objects.get(slug="ada")
    members = proposals.propose(article=article, advisors=[ada], actor=cast.writer)
    Email.objects.all().delete()
    proposals.withdraw(article=article, members=[member.pk for member in members], actor=cast.editor)
    assert "Zurückgezogen: Dr Ada." in Email.objects.get().message
