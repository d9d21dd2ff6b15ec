"""The form of each action of the workflow that has a button on an article's page."""

from articles.forms import (
    EndRoundForm,
    PublishForm,
    RecallForm,
    ReinstateForm,
    RenewForm,
    RequestChangesForm,
    ScheduleForm,
    SubmitForm,
    UnscheduleForm,
    VerbForm,
    WithdrawForm,
)
from articles.notices.forms import CorrectNoticeForm
from articles.round_changes.forms import ChangeDueDateForm, ChangeTermsForm

# The actions that put the text before the board. Their form says what is missing and who will be asked.
SUBMITTING = frozenset({"submit", "renew"})
VERB_FORMS: dict[str, type[VerbForm]] = {
    form.verb: form
    for form in (
        *(SubmitForm, RenewForm, RecallForm, RequestChangesForm, EndRoundForm, ChangeDueDateForm, ChangeTermsForm),
        *(PublishForm, ScheduleForm, UnscheduleForm, WithdrawForm, ReinstateForm, CorrectNoticeForm),
    )
}
