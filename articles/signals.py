"""Signals for asking and informing higher-level apps, which this app does not import.

Nine of these are questions, answered by the receivers' return values. The others are sent inside a transaction, so
that rows written by a receiver are stored or undone with it.
"""

from typing import TYPE_CHECKING, Generic, TypeVar, cast

from django.dispatch import Signal

from checks.preflight import Finding

if TYPE_CHECKING:
    from articles.admin.side_panels import SidePanel
    from articles.admin.submit_briefing import ExpectedReviewer

Answer = TypeVar("Answer")


class AskingSignal(Signal, Generic[Answer]):
    """A signal that asks a question: each receiver returns its answer."""

    def ask(self, sender: type, **arguments: object) -> list[Answer]:
        """Return the answer of each receiver. Exceptions of receivers are passed on."""
        # A cast, because the stubs of Django declare that receivers return text.
        return [cast(Answer, answer) for _receiver, answer in self.send(sender, **arguments)]


# Question: what do other apps find wrong with this article? Asked with the editorial checks and before a submission.
# Arguments: article, revision. Answer: a list of preflight.Finding.
findings_wanted = AskingSignal[list[Finding]]()

# Question: has this person given this verdict on this submission, and does the verdict count?
# Arguments: submission, user, verb ("approve", "request_changes", or "take_back_verdict" for any verdict that was not
# taken back). Answer: bool.
verdict_wanted = AskingSignal[bool]()

# Question: what are these articles waiting for, beyond what their stage shows? Arguments: articles (a list).
# Answer: a few words for each that waits, by its primary key ({7: "2 reviewers proposed"}).
notes_wanted = AskingSignal[dict[int, str]]()

# Question: who has accepted to review this submission and not answered yet? Arguments: submission.
# Answer: their names.
answers_awaited = AskingSignal[list[str]]()

# Question: which panels does the article's form have for this person? Arguments: article, request.
# Answer: a list of articles.admin.side_panels.SidePanel.
side_panels_wanted: "AskingSignal[list[SidePanel]]" = AskingSignal()

# Question: who would be asked to review this article if it were submitted now, and who would not, although they are
# among its reviewers? Arguments: article. Answer: a list of articles.admin.submit_briefing.ExpectedReviewer.
expected_reviewers_wanted: "AskingSignal[list[ExpectedReviewer]]" = AskingSignal()

# Question: who approved the text that this page shows, and which remarks may readers see?
# Arguments: page (articles.pages.ArticlePage). Answer: an object with `signatories`, `renewed_by`, `unsigned` and
# `profiles`, as advisors.public_record.ReviewRecord has them.
review_record_wanted = AskingSignal[object]()

# Question: why can this name not be changed now for this account? Asked before a change is asked for or confirmed.
# Arguments: name (SignedName), account (the primary key of whoever asks; None for an author without an account).
# Answer: a sentence, or an empty string.
name_hindrance_wanted = AskingSignal[str]()

# Question: under which names of another account has this person signed, by a correction of their account? Arguments:
# account (User). Answer: primary keys of SignedName.
moved_names_wanted = AskingSignal[set[int]]()

# Question: why can this open round never have so many approvals? Asked before the number it needs is changed.
# Arguments: submission, quorum. Answer: a sentence, or an empty string.
quorum_hindrance_wanted = AskingSignal[str]()

# Sent inside the transaction that opens a submission. Arguments: submission, actor.
submission_opened = Signal()

# Sent inside the transaction that closes a submission. After a request for changes, some reviewers may still answer
# (Submission.is_closing).
# Arguments: submission, actor, reason (as in the log; empty if a text was recalled).
submission_closed = Signal()

# Sent inside the transaction that ends a closing round, after changes were requested. Arguments: submission,
# actor, reason (an editor's; empty if the last answer came in).
round_ended = Signal()

# Sent inside the transaction that changes the due date of an open submission. Arguments: submission, actor, before
# (the former date), reason.
due_date_changed = Signal()

# Sent inside the transaction that changes the terms of an open submission, after the change is stored. Receivers may
# decide the round. Arguments: submission, actor, change (TermsChange), dropped (topics that need no specialist any
# more), added (topics that need one from now on).
terms_changed = Signal()

# Sent inside a transaction of the job runner, soon after publications have started or ended as planned, once for each
# start and end. Pages appear and disappear on time without this signal. A publication that starts at once may be left
# out, because receivers can react to its commit. Arguments: started, ended (lists of Publication).
publications_turned = Signal()

# Sent inside the transaction that confirms a name change. Arguments: before, after (SignedName), actor (who
# confirms it), how (how they checked that it is the same person).
name_changed = Signal()

# Sent inside the transaction that records a request for another name. Argument: changes (a NameChange for each name of
# the person that it replaces).
name_change_asked = Signal()

# Sent inside the transaction that confirms or declines a request for another name, once for all names that it replaces.
# Argument: decision (NameChangeDecision).
name_change_decided = Signal()
