"""The forms of the newsroom: the form of an article, and one form for each workflow action."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.conf import settings
from django.contrib.admin.widgets import AdminSplitDateTime
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Max
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from articles import publishing
from articles.cited_sources import source_decisions
from articles.exceptions import InvalidTransition
from articles.models import Article, ChangeKind, Content, Reason, Revision
from articles.review_terms import terms_of
from articles.revision_comparison import kind_of
from articles.rich_text import BODY_TOOLS, SHORT_TOOLS, EditorWidget
from articles.rounds import refuse_while_locked
from articles.typed_article import cleaned
from comparison.conflicts import Difference, difference
from comparison.marking import Sides
from comparison.versions import FieldKind
from core import times
from core.db.own_fields import own_field
from core.fields import refuse_overlong
from core.html import text_of
from core.text import clean_prose
from sources.models import Source

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class ArticleForm(forms.ModelForm):
    """The form for an article's text, topics and slug.

    `seen_version` is the version of the working copy that the user was shown. If somebody has saved since, the form is
    invalid, and `conflict` has both sides of each field that differs. `seen_revision` is the number of the revision
    that the user was shown; comparing both sides with that revision shows who made which change.
    """

    seen_version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    seen_revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Article
        fields = [
            "title",
            "slug",
            "topics",
            "word_goal",
            *(field.name for field in Content._meta.get_fields() if field.name != "title"),
        ]
        widgets = {
            "title": forms.Textarea(attrs={"rows": 1, "enterkeyhint": "next"}),
            "standfirst": forms.Textarea(attrs={"rows": 3}),
            "key_messages": forms.Textarea(attrs={"rows": 5}),
            "disclosure": forms.Textarea(attrs={"rows": 3}),
            "topics": forms.CheckboxSelectMultiple,
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.stored = self.instance.content()
        self.conflict: list[Difference] = []
        self.initial["seen_version"] = self.instance.version
        self.initial["seen_revision"] = self._newest()
        for name, tools, height in (("body", BODY_TOOLS, 520), ("safety_note", SHORT_TOOLS, 160)):
            if name in self.fields:
                self.fields[name].widget = EditorWidget(tools, height, str(self.fields[name].label or name))
        if self.instance.pk is None and not self.is_bound and "title" in self.fields:
            self.fields["title"].widget.attrs["autofocus"] = True

    def clean_body(self) -> str:
        return cleaned("body", self.cleaned_data["body"], self.stored["body"])

    def clean_safety_note(self) -> str:
        return cleaned("safety_note", self.cleaned_data["safety_note"], self.stored["safety_note"])

    def clean_slug(self) -> str:
        """Return the slug. Raise ValidationError (published) if it changes although the article has publications."""
        slug: str = self.cleaned_data["slug"]
        has_changed = self.instance.pk and slug != self.initial.get("slug")
        if has_changed and self.instance.publications.filter(cancelled_at=None).exists():
            raise ValidationError(_("This address has been published and cannot be changed."), code="published")
        return slug

    def clean(self) -> dict[str, Any]:
        super().clean()
        values = self.cleaned_data
        if self.instance.pk and "title" in self.fields:
            self._refuse_while_locked()
        if self.instance.pk and values.get("seen_version") != self.instance.version:
            self._describe_conflict(values)
            raise ValidationError(
                _(
                    "%(who)s saved this article on %(when)s, while you had it open. Nothing was overwritten: your text "
                    "is below, with the saved text beside it. Save again to replace the saved text with yours."
                ),
                code="overtaken",
                params={
                    "who": self.instance.saved_by or gettext("Somebody"),
                    "when": times.moment(self.instance.saved_at),
                },
            )
        return values

    def _refuse_while_locked(self) -> None:
        try:
            refuse_while_locked(self.instance)
        except InvalidTransition as error:
            message = _("Nothing was saved. %(reason)s What you typed is below.")
            raise ValidationError(message, code="locked", params={"reason": error}) from error

    def _describe_conflict(self, values: dict) -> None:
        """Fill `conflict` with both sides of each field that differs, and let the next save replace the stored text."""
        opened = self.instance.revisions.filter(number=values.get("seen_revision") or 0).first()
        base = opened.content() if opened else {}
        saver = self.instance.saved_by or gettext("somebody")
        saved = gettext("Saved by %(person)s") % {"person": saver}
        names = Sides(saved, gettext("Yours"), gettext("only in the saved text"), gettext("only in yours"))
        stored = {**self.stored, "slug": self.instance.slug, "topics": _listed(self.instance.topics.all())}
        for name, theirs in stored.items():
            if name not in self.fields:
                continue
            field, mine = own_field(Article, name), self._mine(name, values, theirs)
            if mine == theirs:
                continue
            kind = FieldKind.VALUE if isinstance(field, models.ManyToManyField) else kind_of(field)
            found = difference(name, field.verbose_name.capitalize(), kind, theirs, mine, names, base.get(name))
            if kind == FieldKind.HTML:
                found = replace(found, theirs=_plain(theirs), mine=_plain(mine))
            if isinstance(field, models.ManyToManyField):
                found.script["choices"] = [str(thing.pk) for thing in self.instance.topics.all()]
            self.conflict.append(found)
        data = cast(QueryDict, self.data).copy()  # the stubs know only that it is a mapping
        data[self.add_prefix("seen_version")] = str(self.instance.version)
        data[self.add_prefix("seen_revision")] = str(self._newest() or "")
        self.data = data

    def _newest(self) -> int | None:
        """Return the number of the newest revision, or None if there is none."""
        return self.instance.revisions.aggregate(last=Max("number"))["last"] if self.instance.pk else None

    def _mine(self, name: str, values: dict, theirs: str) -> str:
        """Return a field as it would be stored, with uniform line endings, or as typed if it is invalid."""
        field, mine = own_field(Article, name), values.get(name)
        if isinstance(field, models.FileField):
            upload = self.files.get(self.add_prefix(name))
            if upload is None:
                return mine.name if mine else ""
            is_same = mine is None or mine.name == PurePath(theirs).name
            return theirs if is_same else gettext("%(file)s (choose it again before you save)") % {"file": upload.name}
        if name not in values:
            return str(self.data.get(self.add_prefix(name), ""))
        value = values[name]
        return _listed(value) if isinstance(field, models.ManyToManyField) else str(field.to_python(value))


def _listed(things: Iterable[models.Model]) -> str:
    return ", ".join(str(thing) for thing in things)


def _plain(html: str) -> str:
    """Return the text of `html` without tags, or `html` itself if it has too many attributes to be parsed."""
    try:
        return text_of(html)
    except ValidationError:
        return html


class VerbForm(forms.Form):
    """The base of the forms for workflow actions. `seen` is the number of the revision that the user was shown."""

    verb: str = ""
    button: "StrOrPromise" = ""
    hint: "StrOrPromise" = ""
    grave = False
    seen: forms.IntegerField | None = forms.IntegerField(widget=forms.HiddenInput, required=False)

    @classmethod
    def for_article(cls, article: Article, head: Revision | None, data: QueryDict | None = None) -> "VerbForm":
        """Return the action's form for an article whose newest revision is `head`; it is bound if `data` was posted."""
        form = cls(data, initial={"seen": head and head.number, **cls.suggested(article)}, prefix=cls.verb)
        form.fit(article, head)
        return form

    def fit(self, article: Article, head: Revision | None) -> None:
        """Adapt the fields to the article; subclasses override this."""

    @classmethod
    def suggested(cls, article: Article) -> dict[str, object]:
        """Return initial values for the fields; subclasses override this."""
        return {}

    def arguments(self) -> dict[str, object]:
        """Return the keyword arguments for the workflow's function, without empty fields."""
        return {name: value for name, value in self.cleaned_data.items() if value not in (None, "")}


class WordsField(forms.CharField):
    """A field for lines of text, cleaned as for storage, so that text without visible characters counts as empty.

    The length is checked before cleaning, because cleaning a very long text takes long.
    """

    def to_python(self, value: str | None) -> str:
        return clean_prose(refuse_overlong(super().to_python(value) or "", self.max_length))


def _words(label: "StrOrPromise", required: bool = True, help_text: "StrOrPromise" = "") -> WordsField:
    widget = forms.Textarea(attrs={"rows": 3})
    return WordsField(label=label, required=required, help_text=help_text, max_length=2000, widget=widget)


class AnswerForm(forms.Form):
    """A writer's answer to one warning, which is identified by `mark`, a hash (Finding.mark)."""

    mark = forms.RegexField(r"^[0-9a-f]{64}\Z", widget=forms.HiddenInput)
    reason = WordsField(required=False, max_length=500)
    until = forms.DateField(required=False)


class SubmitForm(VerbForm):
    verb, button = "submit", _("Submit to the board")
    hint = _("The reviewers are asked to review this revision. It cannot be edited until they have decided.")
    note = _words(_("Note to the reviewers"), required=False)
    due_on = forms.DateField(
        label=_("Reviews due on"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )

    @classmethod
    def suggested(cls, article: Article) -> dict[str, object]:
        """Return the due date: today in the newsroom's time zone plus the days set by the article's topics."""
        return {"due_on": timezone.localdate() + timedelta(days=terms_of(article).due_days)}

    def clean_due_on(self) -> date | None:
        due_on: date | None = self.cleaned_data["due_on"]
        if due_on and due_on < timezone.localdate():
            raise ValidationError(_("That day has passed."), code="past")
        return due_on


class RenewForm(SubmitForm):
    verb, button = "renew", _("Ask for a new review")
    hint = _("The board reviews the unchanged text again; readers go on seeing it.")

    def arguments(self) -> dict[str, object]:
        return {**super().arguments(), "reason": Reason.RENEWAL}


class RecallForm(VerbForm):
    verb, button, hint = "recall", _("Recall from the board"), _("Reviews in progress end; comments are kept.")
    seen = None
    reason = _words(_("Why"), required=False)


class RequestChangesForm(VerbForm):
    verb, button = "request_changes", _("Send back for changes")
    hint = _("Nobody can approve this revision any more. Reviewers who have accepted may finish until the due date.")
    seen = None
    reason = _words(_("What should be changed"))


class EndRoundForm(VerbForm):
    verb, button = "end_round", _("End the round")
    hint = _(
        "The round ends with changes requested, and the writer can begin at once. "
        "Reviewers who have not answered get an email with your reason."
    )
    seen = None
    reason = _words(_("Why you end it now (emailed to the reviewers who have not answered)"))


class _ShowingForm(VerbForm):
    """The base of the forms for actions that show a revision to readers.

    It lists the cited sources that are in doubt. If one of them is retracted, it asks for the reason to show the
    revision nevertheless, or forbids the action (settings.RETRACTED_SOURCES).
    """

    override_reason = _words(
        _("Why readers should see it although a source is retracted"),
        help_text=_("The reason is kept in the article’s history."),
    )
    marked: Sequence[Source] = ()
    is_forbidden = False

    def fit(self, article: Article, head: Revision | None) -> None:
        """Read the sources of the revision that would be shown, and require a reason if one of them is retracted."""
        revision = self.shown(article, head)
        self.marked = source_decisions.marked_sources(revision) if revision else []
        has_retracted = bool(source_decisions.retracted_among(self.marked))
        self.is_forbidden = has_retracted and settings.RETRACTED_SOURCES == "forbid"
        if not has_retracted or self.is_forbidden:
            del self.fields["override_reason"]

    def shown(self, article: Article, head: Revision | None) -> Revision | None:
        """Return the revision that the action would show, or None if there is none."""
        return head


def _zoned(words: "StrOrPromise") -> str:
    return str(words) % {"zone": settings.TIME_ZONE}


# Lazy, so that the time zone is read when the page is rendered, not when this module is imported.
_with_zone = lazy(_zoned, str)
IN_ZONE = _with_zone(_("In the newsroom's time zone: %(zone)s."))
IN_ZONE_OR_EMPTY = _with_zone(_("Leave it empty to keep it on the page. In the newsroom's time zone: %(zone)s."))


class _PublicationForm(_ShowingForm):
    kind = forms.ChoiceField(
        label=_("Kind of change shown to readers"),
        required=False,
        choices=[("", _("first publication or update")), *ChangeKind.choices[2:4]],
    )
    change_note = _words(_("What changed, for readers"), required=False)
    until = forms.SplitDateTimeField(
        label=_("Take off the page at"),
        required=False,
        widget=AdminSplitDateTime,
        help_text=IN_ZONE_OR_EMPTY,
    )

    def fit(self, article: Article, head: Revision | None) -> None:
        """Require a change note if the article was withdrawn or has expired."""
        super().fit(article, head)
        if publishing.last_ended(article):
            words = self.fields["change_note"]
            words.required, words.label = True, _("Why it is back and what changed, for readers")


class PublishForm(_PublicationForm):
    verb, button = "publish", _("Publish now")
    hint = _("Readers see the approved revision from this moment.")


class ScheduleForm(_PublicationForm):
    verb, button = "schedule", _("Schedule")
    hint = _("Readers see the approved revision from the moment you choose.")
    at = forms.SplitDateTimeField(label=_("Publish at"), widget=AdminSplitDateTime, help_text=IN_ZONE)
    field_order = ["at"]


class UnscheduleForm(VerbForm):
    verb, button, hint = "unschedule", _("Call off the schedule"), _("What is live now stays live.")
    seen = None
    reason = _words(_("Why"), required=False)


class WithdrawForm(VerbForm):
    verb, button, grave = "withdraw", _("Withdraw"), True
    hint = _("From this moment, readers find your notice in place of the article.")
    seen = None
    notice = _words(_("Notice to readers: what was withdrawn and why"))


class ReinstateForm(_ShowingForm):
    verb, button, hint = "reinstate", _("Reinstate"), _("Readers see again the revision that they saw last.")
    seen = None
    reason = _words(_("Why it is back, for readers"))

    def shown(self, article: Article, head: Revision | None) -> Revision | None:
        """Return the revision that readers saw last, if it was withdrawn or has expired, else None."""
        ended = publishing.last_ended(article)
        return ended.approval.revision if ended else None
