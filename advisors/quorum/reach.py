"""A check whether an open round can still reach a number of approvals, made before that number is changed."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from advisors.models import Advisor, Conflict, Response
from articles.models import Submission
from articles.models.same_person import persons
from articles.permissions import people_of_the_text


def why_out_of_reach(submission: Submission, quorum: int) -> str:
    """Return a sentence if this open round can never get `quorum` approvals, otherwise an empty string.

    Every active member of the board counts, asked or not, except those who worked on the text or declared a conflict of
    interest in this round. Several accounts of a person count once. Obstacles that can be removed, such as a lapsed
    disclosure or a missing vouch, are no reason. Makes a fixed number of queries.
    """
    board = dict(Advisor.objects.filter(is_active=True, user__is_active=True).order_by().values_list("pk", "user"))
    reviews = submission.reviews.filter(advisor__in=board)
    conflicted = set(reviews.filter(conflict=Conflict.DECLARED).values_list("advisor", flat=True))
    people, known = people_of_the_text(submission.article), persons()
    able = {known.person(account) for pk, account in board.items() if pk not in conflicted and account not in people}
    if quorum <= len(able):
        return ""
    asked = reviews.filter(released_at=None).exclude(response=Response.DECLINED).count()
    values = {
        "reviewers": ngettext("%(count)s reviewer", "%(count)s reviewers", asked) % {"count": asked},
        "members": ngettext("%(count)s member", "%(count)s members", len(board)) % {"count": len(board)},
        "quorum": quorum,
        "able": len(able),
    }
    if len(able) == len(board):
        said = _(
            "This round has %(reviewers)s and the board has %(members)s, so %(quorum)s approvals cannot be reached."
        )
    else:
        said = _(
            "This round has %(reviewers)s and the board has %(members)s. At most %(able)s of them can approve this "
            "text, so %(quorum)s approvals cannot be reached."
        )
    return said % values
