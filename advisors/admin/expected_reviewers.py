"""Who would be asked to review an article if it were submitted now: an answer for the form of the submission."""

from django.utils.translation import gettext as _

from advisors.models import PanelMember
from advisors.panel_choices import panel_with_facts
from articles.admin.submit_briefing import ExpectedReviewer
from articles.models import Article
from articles.signals import expected_reviewers_wanted


def expected_reviewers(sender: type, article: Article, **kwargs: object) -> list[ExpectedReviewer]:
    """Receive `expected_reviewers_wanted`: return the confirmed and the proposed reviewers of the article, by name.

    A reviewer who may not review this text, or whose disclosure has lapsed, is not left out: a finding (REV01) says so
    and blocks the submission. Makes at most two queries.
    """
    return [
        ExpectedReviewer(member.advisor.name_with_credentials, facts, _hindrance(member))
        for member, facts in panel_with_facts(article).values()
    ]


def _hindrance(member: PanelMember) -> str:
    if not member.advisor.is_active:
        return _("No longer on the board.")
    return _("Proposed: an editor has to confirm them first.") if member.is_waiting else ""


expected_reviewers_wanted.connect(expected_reviewers, dispatch_uid="board-expected-reviewers")
