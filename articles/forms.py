"""The forms of the newsroom: an article's text, and what each verb asks for."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import PurePath

from django import forms
from django.conf import settings
from django.contrib.admin.widgets import AdminSplitDateTime
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Max
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import lazy

from articles import publishing
from articles.cited_sources import source_decisions
from articles.comparison.conflicts import Difference, difference
from articles.comparison.marking import Sides
from articles.comparison.revisions import kind_of
from articles.comparison.versions import FieldKind
from articles.exceptions import InvalidTransition
from articles.models import Article, ChangeKind, Content, Reason, Revision
from articles.review_terms import terms_of
from articles.rich_text import BODY_TOOLS, SHORT_TOOLS, EditorWidget
from articles.rounds import refuse_while_locked
from articles.typed_article import cleaned
from core import times
from core.fields import refuse_overlong
from core.html import text_of
from core.text import clean_prose
from sources.models import Source


class ArticleForm(forms.ModelForm):
    """Identity and text of an article.

    `seen_version` is the working copy's version that the person was shown. Where somebody has saved since, the form
    does not save: `conflict` then has both sides of each field that differs, and `seen_revision` tells whose change
    is whose.
    """

    seen_version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    seen_revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Article
        fields = [
            "title",
            "slug",
            "topics",
            *(field.name for field in Content._meta.get_fields() if field.name != "title"),
        ]
        widgets = {
            "title": forms.Textarea(attrs={"rows": 1, "enterkeyhint": "next"}),
            "standfirst": forms.Textarea(attrs={"rows": 3}),
            "key_messages": forms.Textarea(attrs={"rows": 5}),
            "disclosure": forms.Textarea(attrs={"rows": 3}),
            "topics": forms.CheckboxSelectMultiple,
        }

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.stored = self.instance.content()
        self.conflict: list[Difference] = []
        self.initial["seen_version"] = self.instance.version
        self.initial["seen_revision"] = self._newest()
        for name, tools, height in (("body", BODY_TOOLS, 520), ("safety_note", SHORT_TOOLS, 160)):
            if name in self.fields:
                self.fields[name].widget = EditorWidget(tools, height, self.fields[name].label or name)

    def clean_body(self) -> str:
        return cleaned("body", self.cleaned_data["body"], self.stored["body"])

    def clean_safety_note(self) -> str:
        return cleaned("safety_note", self.cleaned_data["safety_note"], self.stored["safety_note"])

    def clean_slug(self) -> str:
        """An address that readers have seen stays."""
        slug = self.cleaned_data["slug"]
        if self.instance.pk and slug != self.initial.get("slug") and self.instance.publications.exists():
            raise ValidationError("This address has been published and stays as it is.", code="published")
        return slug

    def clean(self) -> dict:
        values = super().clean()
        if self.instance.pk and "title" in self.fields:
            self._refuse_while_locked()
        if self.instance.pk and values.get("seen_version") != self.instance.version:
            self._describe_conflict(values)
            raise ValidationError(
                "%(who)s saved this article on %(when)s, while you had it open. Nothing was overwritten: "
                "your text stands below, the saved one beside it. Save again to replace theirs by yours.",
                code="overtaken",
                params={
                    "who": self.instance.saved_by or "Somebody",
                    "when": times.moment(self.instance.saved_at),
                },
            )
        return values

    def _refuse_while_locked(self) -> None:
        try:
            refuse_while_locked(self.instance)
        except InvalidTransition as error:
            raise ValidationError(f"Nothing was saved. {error} What you typed stands below.", code="locked") from error

    def _describe_conflict(self, values: dict) -> None:
        """Both sides of each field that differs, passage by passage; and the next save is a deliberate one."""
        opened = self.instance.revisions.filter(number=values.get("seen_revision") or 0).first()
        base = opened.content() if opened else {}
        names = Sides(f"Saved by {self.instance.saved_by or 'somebody'}", "Yours", "only saved", "only yours")
        stored = {**self.stored, "slug": self.instance.slug, "topics": _listed(self.instance.topics.all())}
        for name, theirs in stored.items():
            if name not in self.fields:
                continue
            field, mine = Article._meta.get_field(name), self._mine(name, values, theirs)
            if mine == theirs:
                continue
            kind = FieldKind.VALUE if isinstance(field, models.ManyToManyField) else kind_of(field)
            found = difference(name, field.verbose_name.capitalize(), kind, theirs, mine, names, base.get(name))
            if kind == FieldKind.HTML:
                found = replace(found, theirs=_plain(theirs), mine=_plain(mine))
            if isinstance(field, models.ManyToManyField):
                found.script["choices"] = [str(thing.pk) for thing in self.instance.topics.all()]
            self.conflict.append(found)
        self.data = self.data.copy()
        self.data[self.add_prefix("seen_version")] = self.instance.version
        self.data[self.add_prefix("seen_revision")] = self._newest() or ""

    def _newest(self) -> int | None:
        """The number of the newest revision, from which the other side's changes are told from one's own."""
        return self.instance.revisions.aggregate(last=Max("number"))["last"] if self.instance.pk else None

    def _mine(self, name: str, values: dict, theirs: str) -> str:
        """A field as saving would keep it, so that line ends are no difference; else as it was typed."""
        field, mine = Article._meta.get_field(name), values.get(name)
        if isinstance(field, models.FileField):
            upload = self.files.get(self.add_prefix(name))
            if upload is None:
                return mine.name if mine else ""
            is_same = mine is None or mine.name == PurePath(theirs).name
            return theirs if is_same else f"{upload.name} (choose it again before you save)"
        if name not in values:
            return self.data.get(self.add_prefix(name), "")
        return _listed(mine) if isinstance(field, models.ManyToManyField) else field.to_python(mine)


def _listed(things: Iterable[models.Model]) -> str:
    return ", ".join(str(thing) for thing in things)


def _plain(html: str) -> str:
    """The words; the markup itself where it is more than we read."""
    try:
        return text_of(html)
    except ValidationError:
        return html


class VerbForm(forms.Form):
    """What a verb asks for. `seen` is the revision that the person had before them."""

    verb = button = hint = ""
    grave = False
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    @classmethod
    def for_article(cls, article: Article, head: Revision | None, data: QueryDict | None = None) -> "VerbForm":
        """The form behind the verb's button, on an article whose newest revision is `head`, with what was typed."""
        form = cls(data, initial={"seen": head and head.number, **cls.suggested(article)}, prefix=cls.verb)
        form.fit(article, head)
        return form

    def fit(self, article: Article, head: Revision | None) -> None:
        """Ask for what this article needs beyond what every article does."""

    @classmethod
    def suggested(cls, article: Article) -> dict[str, object]:
        """What stands in the form before anybody types."""
        return {}

    def arguments(self) -> dict[str, object]:
        """The verb's keyword arguments, without what was left empty."""
        return {name: value for name, value in self.cleaned_data.items() if value not in (None, "")}


class WordsField(forms.CharField):
    """Lines of text, cleaned as they will be kept: what would be nothing then is nothing now.

    Measured before that, so that nobody waits for what is far too long.
    """

    def to_python(self, value: str | None) -> str:
        return clean_prose(refuse_overlong(super().to_python(value), self.max_length))


def _words(label: str, required: bool = True, help_text: str = "") -> WordsField:
    return WordsField(
        label=label,
        required=required,
        help_text=help_text,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class AnswerForm(forms.Form):
    """A writer's answer to one warning, which is named by its mark (Finding.mark). The view looks the finding up."""

    mark = forms.RegexField(r"^[0-9a-f]{64}\Z", widget=forms.HiddenInput)
    reason = WordsField(required=False, max_length=500)
    until = forms.DateField(required=False)


class SubmitForm(VerbForm):
    verb, button = "submit", "Submit to the board"
    hint = "The reviewers are asked to review this revision. It cannot be edited until they have decided."
    note = _words("Note to the reviewers", required=False)
    due_on = forms.DateField(
        label="Reviews due on", required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )

    @classmethod
    def suggested(cls, article: Article) -> dict[str, object]:
        """As many days for an answer as the article's topics give."""
        return {"due_on": timezone.localdate() + timedelta(days=terms_of(article).due_days)}

    def clean_due_on(self):
        due_on = self.cleaned_data["due_on"]
        if due_on and due_on < timezone.localdate():
            raise ValidationError("That day has passed.", code="past")
        return due_on


class RenewForm(SubmitForm):
    verb, button = "renew", "Ask for a new review"
    hint = "The board reviews the unchanged text again; readers go on seeing it."

    def arguments(self) -> dict[str, object]:
        return {**super().arguments(), "reason": Reason.RENEWAL}


class RecallForm(VerbForm):
    verb, button, hint = "recall", "Recall from the board", "Reviews under way end; what was commented stays."
    seen = None
    reason = _words("Why", required=False)


class RequestChangesForm(VerbForm):
    verb, button = "request_changes", "Send back for changes"
    hint = "Nobody can approve this revision any more. Reviewers who have accepted may finish until the due date."
    seen = None
    reason = _words("What should be changed")


class EndRoundForm(VerbForm):
    verb, button = "end_round", "End the round"
    hint = (
        "Changes are requested. The writer can begin at once; whoever is still answering is told why you do not wait."
    )
    seen = None
    reason = _words("Why you do not wait, for those who have not answered")


class ChangeDueDateForm(VerbForm):
    verb, button = "change_due_date", "Change the due date"
    hint = "The reviewers who have not answered get an email, and reminders follow the new date."
    seen = None
    due_on = forms.DateField(label="New due date", widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))
    reason = _words("Why, for the reviewers (optional)", required=False)

    @classmethod
    def suggested(cls, article: Article) -> dict[str, object]:
        """The date that stands."""
        submission = article.submissions.open().first()
        return {"due_on": submission.due_on} if submission else {}


class _ShowingForm(VerbForm):
    """A verb that shows a revision to readers: it names the doubtful sources that the revision cites, and asks why it
    is shown all the same where one of them is retracted."""

    override_reason = _words(
        "Why readers are to see it although a source is retracted",
        help_text="It goes into the article’s history.",
    )
    marked: Sequence[Source] = ()
    is_forbidden = False

    def fit(self, article: Article, head: Revision | None) -> None:
        """Look at the sources of the revision that would be shown."""
        revision = self.shown(article, head)
        self.marked = source_decisions.marked_sources(revision) if revision else []
        has_retracted = bool(source_decisions.retracted_among(self.marked))
        self.is_forbidden = has_retracted and settings.RETRACTED_SOURCES == "forbid"
        if not has_retracted or self.is_forbidden:
            del self.fields["override_reason"]

    def shown(self, article: Article, head: Revision | None) -> Revision | None:
        """The revision that the verb would show."""
        return head


_zone_named = lazy(lambda before="": f"{before}In the newsroom's time zone: {settings.TIME_ZONE}.", str)


class _PublicationForm(_ShowingForm):
    kind = forms.ChoiceField(
        label="To readers this is",
        required=False,
        choices=[("", "first publication or update"), *ChangeKind.choices[2:4]],
    )
    change_note = _words("What changed, for readers", required=False)
    until = forms.SplitDateTimeField(
        label="Take off the page at",
        required=False,
        widget=AdminSplitDateTime,
        help_text=_zone_named("Empty: it stays. "),
    )

    def fit(self, article: Article, head: Revision | None) -> None:
        """An article that was withdrawn or has expired comes back with a reason."""
        super().fit(article, head)
        if publishing.last_ended(article):
            words = self.fields["change_note"]
            words.required, words.label = True, "Why it is back and what changed, for readers"


class PublishForm(_PublicationForm):
    verb, button, hint = "publish", "Publish now", "Readers see the approved revision from this moment."


class ScheduleForm(_PublicationForm):
    verb, button, hint = "schedule", "Schedule", "Readers see the approved revision from the moment you choose."
    at = forms.SplitDateTimeField(label="Publish at", widget=AdminSplitDateTime, help_text=_zone_named())
    field_order = ["at"]


class UnscheduleForm(VerbForm):
    verb, button, hint = "unschedule", "Call off the schedule", "What is live now stays live."
    seen = None
    reason = _words("Why", required=False)


class WithdrawForm(VerbForm):
    verb, button, grave = "withdraw", "Withdraw", True
    hint = "Readers find your notice in place of the article, from this moment."
    seen = None
    notice = _words("Notice to readers: what was withdrawn and why")


class ReinstateForm(_ShowingForm):
    verb, button, hint = "reinstate", "Reinstate", "What was last shown is shown again."
    seen = None
    reason = _words("Why it is back, for readers")

    def shown(self, article: Article, head: Revision | None) -> Revision | None:
        """What readers saw last."""
        ended = publishing.last_ended(article)
        return ended and ended.approval.revision


VERB_FORMS: dict[str, type[VerbForm]] = {
    form.verb: form
    for form in (
        SubmitForm,
        RenewForm,
        RecallForm,
        RequestChangesForm,
        EndRoundForm,
        ChangeDueDateForm,
        PublishForm,
        ScheduleForm,
        UnscheduleForm,
        WithdrawForm,
        ReinstateForm,
    )
}
