"""The forms of the review desk."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from advisors import checklists
from advisors.disclosures import Interest
from advisors.models import (
    Advisor,
    Conflict,
    Disclosure,
    Question,
    RemarksShown,
    Review,
    Ticked,
    Verdict,
)
from advisors.passages import PARTS
from advisors.personal_data import consents
from advisors.profiles.editing import OWN
from articles.exceptions import InvalidTransition
from articles.forms import WordsField
from articles.models import Topic
from core import times
from core.text import strip_controls
from products.models import Product


def _area(rows: int, **attributes: str) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, **attributes})


class CountedWordsField(WordsField):
    """A field for text without `maxlength` in the HTML, because browsers cut off pasted text there without notice.

    The form refuses text that is too long and says how long it is; the page's script counts the characters.
    """

    default_error_messages = {
        "max_length": _("This has %(show_value)s characters, and may have %(limit_value)s at most.")
    }

    def widget_attrs(self, widget: forms.Widget) -> dict[str, object]:
        """Return the attributes with `data-at-most` in place of `maxlength`."""
        attributes = super().widget_attrs(widget)
        attributes["data-at-most"] = attributes.pop("maxlength")
        return attributes


class DeskForm(forms.Form):
    """A form without colons after its labels, because the labels are sentences."""

    def __init__(
        self,
        data: Mapping[str, str] | None = None,
        *,
        initial: dict[str, Any] | None = None,
        prefix: str | None = None,
    ) -> None:
        super().__init__(data, initial=initial, prefix=prefix, label_suffix="")


class DeclineForm(DeskForm):
    """The reason why an advisor declines, and the name of somebody to ask instead."""

    reason = CountedWordsField(label=_("Why you decline"), max_length=1000, widget=_area(2))
    ask_instead = forms.CharField(
        label=_("Whom would you ask instead?"),
        required=False,
        max_length=160,
        help_text=_("Somebody on the board, or anybody else. Leave it empty if nobody."),
        widget=forms.TextInput(attrs={"list": "board-members"}),
    )


class PlaceField(forms.IntegerField):
    """The index of a block of the body, from 0, or the name of another part of the article (`passages.PARTS`)."""

    def clean(self, value: Any) -> Any:
        return value if value in PARTS else super().clean(value)


class CommentForm(DeskForm):
    """A comment on a passage, a block, another part or the whole article.

    The page's script also sets `block` and `start`. `cleaned_data` has the arguments of `reviews.comment`.
    """

    block = PlaceField(required=False, min_value=0, max_value=10_000)
    start = forms.IntegerField(required=False, min_value=0, max_value=1_000_000, widget=forms.HiddenInput)
    passage = CountedWordsField(label=_("Passage"), required=False, max_length=1000, widget=_area(2))
    text = CountedWordsField(label=_("Comment"), required=False, max_length=5000, widget=_area(3))
    suggestion = CountedWordsField(
        label=_("Wording you suggest for the passage"), required=False, max_length=2000, widget=_area(2)
    )

    def clean(self) -> dict[str, object]:
        """Return the cleaned data, in which a place that is not a block becomes `part`."""
        super().clean()
        place = self.cleaned_data.get("block")
        is_part = place in PARTS
        return {**self.cleaned_data, "block": None if is_part else place, "part": place if is_part else ""}


class ConsentField(forms.BooleanField):
    """A checkbox that a refused form shows ticked again only if the text beside it is still the same (`is_of_now`)."""

    is_of_now = True

    def bound_data(self, data: Any, initial: Any) -> Any:
        """Return the posted value, or False if another text or none was shown beside the checkbox."""
        return data if self.is_of_now else False


class DigestOfNowField(forms.CharField):
    """A field with the digest of the text that the form shows now, whatever digest was posted."""

    def bound_data(self, data: Any, initial: Any) -> Any:
        """Return the value to show, which is the initial one."""
        return initial


class VerdictForm(DeskForm):
    """The whole verdict on a review: conflict of interest, check-list, verdict, remarks.

    Each question of the check-list (`items`) has a field `tick_<key>` for the answer and a field `words_<key>` for the
    reason for a “no”. `consent` is asked of an advisor who has not agreed to be named yet. `cleaned_data` has the
    arguments of `reviews.give_verdict`, with the mappings `ticks` and `reasons` in place of the fields of the
    check-list.
    """

    digest = forms.CharField(widget=forms.HiddenInput, max_length=64)
    conflict = forms.ChoiceField(
        label=_("Do you have a conflict of interest in this text?"),
        choices=[(Conflict.NONE, _("None")), (Conflict.DECLARED, _("I have one, and describe it"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Say whether you have a conflict of interest: “none” is an answer too.")},
    )
    statement = CountedWordsField(label=_("What is it?"), required=False, max_length=2000, widget=_area(2))
    remarks = CountedWordsField(
        label=_("Remarks on the whole (optional)"), required=False, max_length=5000, widget=_area(3)
    )
    remarks_shown = forms.ChoiceField(
        label=_("May readers see these remarks?"),
        required=False,
        choices=[
            (RemarksShown.NO, _("No")),
            (RemarksShown.SIGNED, _("Yes, with my name")),
            (RemarksShown.UNSIGNED, _("Yes, without my name")),
        ],
        widget=forms.RadioSelect,
    )
    verdict = forms.ChoiceField(
        label=_("Your verdict on this revision"),
        help_text=_("To request changes, leave at least one comment, so that the writer knows what to change."),
        choices=[(Verdict.APPROVE, _("I approve it")), (Verdict.CHANGES, _("I request changes, as commented"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Approve, or request changes.")},
    )

    consent = ConsentField(required=False)
    consent_to = DigestOfNowField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(
        self, review: Review, data: Mapping[str, str] | None = None, *, typed: Mapping[str, str] | None = None
    ) -> None:
        """Fill the form with the posted `data` or the draft of this round (`typed`). Never preset an earlier answer."""
        super().__init__(data, initial={**(typed or {}), "digest": review.submission.revision.digest})
        self.review = review
        if consents.in_force(review.advisor):
            del self.fields["consent"], self.fields["consent_to"]
        else:
            words = consents.current_words()
            self.fields["consent"].label = words
            self.initial["consent_to"] = consents.digest_of(words)
            if isinstance(tick := self.fields["consent"], ConsentField):
                tick.is_of_now = self.data.get("consent_to") == self.initial["consent_to"]
        self.items = checklists.items_for(review.submission.article)
        for item in self.items:
            self.fields[f"tick_{item.pk}"] = forms.ChoiceField(
                label=item.question,
                choices=[(choice.value, choice.label.capitalize()) for choice in Ticked],
                widget=forms.RadioSelect,
                error_messages={"required": gettext("Answer this question too.")},
            )
            self.fields[f"words_{item.pk}"] = CountedWordsField(
                label=gettext("What is not right?"),
                help_text=gettext("A text cannot be approved with “no” here.") if item.is_required else "",
                required=False,
                max_length=1000,
                widget=_area(2),
            )

    @cached_property
    def tick_fields(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Return the fields of the check-list in order, as pairs of the answer and the reason for a “no”.

        The help text of an answer has the question's hint and this advisor's answer in an earlier round. Makes one
        query.
        """
        earlier = checklists.last_answers(self.review) if self.items else {}
        found = []
        for item in self.items:
            field, last = self[f"tick_{item.pk}"], earlier.get(item.pk)
            answered = _answered(last.review.verdict_at, last.get_answer_display()) if last else ""
            field.help_text = _help_text(item.hint, answered)
            found.append((field, self[f"words_{item.pk}"]))
        return found

    @property
    def too_long(self) -> list[forms.BoundField]:
        """Return the fields with a text that is too long."""
        return [field for field in self.visible_fields() if self.has_error(field.name, "max_length")]

    @property
    def unanswered(self) -> list[forms.BoundField]:
        """Return the fields with another error: they lack an answer, or have one that does not fit."""
        return [field for field in self.visible_fields() if field.errors and field not in self.too_long]

    def clean(self) -> dict[str, object]:
        """Add an error to each question whose answer does not fit the verdict (`checklists.refusal`).

        Return the cleaned data with `ticks` and `reasons`.
        """
        super().clean()
        data, ticks, reasons = self.cleaned_data, {}, {}
        for item in self.items:
            tick, words = f"tick_{item.pk}", f"words_{item.pk}"
            ticks[item.pk], reasons[item.pk] = data.pop(tick, ""), data.pop(words, "")
            if refused := checklists.refusal(item, ticks[item.pk], reasons[item.pk], data.get("verdict", "")):
                self.add_error(tick if item.is_required else words, refused)
        agreed, words = data.pop("consent", False), data.pop("consent_to", "")
        is_needed = "consent" in self.fields and consents.is_needed(data.get("conflict", ""), data.get("verdict", ""))
        if is_needed and not agreed:
            self.add_error("consent", gettext("Readers see an approval with your name. Tick this if you agree."))
        return {**data, "ticks": ticks, "reasons": reasons, "consent": words if agreed else ""}


def _answered(at: datetime | None, answer: str) -> str:
    """Return a sentence with an earlier answer to a question and its day."""
    return gettext("On %(day)s you answered: %(answer)s.") % {"day": times.day(at), "answer": answer}


def _help_text(*sentences: str) -> SafeString:
    """Return these sentences as HTML, each escaped and in its own element; Django prints help texts unescaped."""
    return format_html_join(" ", "<span>{}</span>", ((sentence,) for sentence in sentences if sentence))


# The fields of a draft, besides those of the check-list. They are saved as typed, even if they are too long.
_DRAFT_FIELDS = "conflict statement remarks remarks_shown verdict block start passage text suggestion"
DRAFT_FIELDS = frozenset(_DRAFT_FIELDS.split())
MAX_DRAFT_LENGTH = 400_000  # characters of all fields together


def draft_fields(posted: Mapping[str, str]) -> dict[str, str]:
    """Return the posted fields that belong to a draft and are not empty, at most 300 of them.

    Raise InvalidTransition if their texts are too long in total.
    """
    names = [
        name
        for name in posted
        if name in DRAFT_FIELDS or (name.startswith(("tick_", "words_", "reply_")) and name[5:].strip("_").isdigit())
    ]
    # PostgreSQL refuses NUL in text. Forms remove the other control characters too.
    clean = {name: strip_controls(posted[name]) for name in names[:300]}
    found = {name: words for name, words in clean.items() if words}
    if sum(map(len, found.values())) > MAX_DRAFT_LENGTH:
        raise InvalidTransition(
            gettext("A draft of more than %(limit)s characters is not saved.") % {"limit": f"{MAX_DRAFT_LENGTH:,}"}
        )
    return found


def draft_words(typed: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return the texts in a draft as pairs of a label and the text. Choices are left out."""
    labels = {
        "passage": gettext("Passage"),
        "text": gettext("Comment"),
        "suggestion": gettext("Suggested wording"),
        "statement": gettext("Conflict of interest"),
        "remarks": gettext("Remarks on the whole"),
    }
    found = [(label, typed[name]) for name, label in labels.items() if typed.get(name)]
    found += [(gettext("Answer in a thread"), words) for name, words in typed.items() if name.startswith("reply_")]
    return found + [
        (gettext("Reason for an answer to the check-list"), words)
        for name, words in typed.items()
        if name.startswith("words_")
    ]


class ProfileForm(forms.ModelForm):
    """The part of an advisor's profile that the advisor can edit."""

    class Meta:
        model = Advisor
        fields = OWN
        labels = {"job_title": _("What you do"), "affiliation": _("Where you do it"), "biography": _("About you")}
        widgets = {"biography": _area(6)}
        field_classes = {"biography": CountedWordsField}
        help_texts = {"orcid": _("Sixteen digits: 0000-0002-1825-0097. Leave it empty if you have none.")}

    def __init__(self, data: Mapping[str, str] | None = None, *, instance: Advisor) -> None:
        super().__init__(data, instance=instance, label_suffix="")


class InterestForm(DeskForm):
    """The answer to one question of the yearly disclosure."""

    has = forms.ChoiceField(
        choices=[("no", _("None")), ("yes", _("Yes, and I describe it"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Answer each question: “none” is an answer.")},
    )
    statement = CountedWordsField(
        label=_("From whom, for what, until when"), required=False, max_length=1000, widget=_area(2)
    )
    topics = forms.ModelMultipleChoiceField(Topic.objects.all(), label=_("Topics that it touches"), required=False)
    products = forms.ModelMultipleChoiceField(
        Product.objects.all(), label=_("Our products that it touches"), required=False
    )

    def __init__(
        self,
        data: Mapping[str, str] | None,
        *,
        question: Question,
        topics: list[Topic],
        products: list[Product],
        initial: dict[str, Any],
    ) -> None:
        super().__init__(data, initial=initial, prefix=question.value)
        self.question = question
        self.fields["has"].label = question.label
        if question == Question.FEES:
            self.fields["statement"].label = gettext("How much, and for each review or each year")
        for name, things in (("topics", topics), ("products", products)):
            choices = [(thing.pk, str(thing)) for thing in things]
            self.fields[name].widget = forms.CheckboxSelectMultiple(choices=choices)

    def clean(self) -> dict[str, object]:
        """Return the cleaned data. Add an error if an interest is answered with “yes” but not described."""
        super().clean()
        data = self.cleaned_data
        if data.get("has") == "yes" and not data.get("statement"):
            self.add_error("statement", gettext("Describe the interest in a sentence."))
        return data

    def interest(self) -> Interest:
        """Return the valid answer in the form that `disclosures.disclose` takes."""
        data = self.cleaned_data
        if data["has"] == "no":
            return Interest()
        return Interest(data["statement"], tuple(data["topics"]), tuple(data["products"]))


def interest_forms(earlier: Disclosure | None, posted: Mapping[str, str] | None = None) -> list[InterestForm]:
    """Return a form for each question of the disclosure. Makes two queries, and three more with an earlier disclosure.

    Each question shows the answer from the earlier disclosure. The earlier descriptions fill the form, but no answer is
    preselected: the advisor has to say each year whether an interest still exists.
    """
    topics, products = list(Topic.objects.all()), list(Product.objects.all())
    answers = {}
    if earlier is not None:
        answers = {row.question: row for row in earlier.answers.prefetch_related("topics", "products")}
    found = []
    for question in Question:
        row = answers.get(question.value)
        initial = {}
        if row is not None:
            initial = {
                "statement": row.statement,
                "topics": [topic.pk for topic in row.topics.all()],
                "products": [product.pk for product in row.products.all()],
            }
        form = InterestForm(posted, question=question, topics=topics, products=products, initial=initial)
        if row is not None:
            answered = _answered(row.disclosure.made_at, gettext("yes") if row.statement else gettext("none"))
            form.fields["has"].help_text = _help_text(answered)
        found.append(form)
    return found
