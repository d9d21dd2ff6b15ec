"""The forms of the review desk."""

from collections.abc import Mapping
from datetime import datetime

from django import forms
from django.utils.functional import cached_property
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

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
from advisors.profiles import OWN
from articles.exceptions import InvalidTransition
from articles.forms import WordsField
from articles.models import Topic
from core import times
from core.text import strip_controls
from products.models import Product


def _area(rows: int, **attributes: str) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, **attributes})


class CountedWordsField(WordsField):
    """Text of any length on the page, since a browser cuts what is pasted at `maxlength` without notice.

    The form refuses what is too long and says by how much; the page's script counts the characters.
    """

    default_error_messages = {"max_length": "It has %(show_value)s characters, and may have %(limit_value)s at most."}

    def widget_attrs(self, widget: forms.Widget) -> dict[str, object]:
        """Use `data-at-most` in place of `maxlength`."""
        attributes = super().widget_attrs(widget)
        attributes["data-at-most"] = attributes.pop("maxlength")
        return attributes


class DeskForm(forms.Form):
    """A form without colons after its labels, which are sentences."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, label_suffix="", **kwargs)


class DeclineForm(DeskForm):
    """Why an advisor declines, and whom they would ask instead."""

    reason = CountedWordsField(label="Why you decline", max_length=1000, widget=_area(2))
    ask_instead = forms.CharField(
        label="Whom would you ask instead?",
        required=False,
        max_length=160,
        help_text="Somebody on the board, or anybody else. Leave it empty if nobody.",
        widget=forms.TextInput(attrs={"list": "board-members"}),
    )


class CommentForm(DeskForm):
    """A comment on a passage, on a block or on the whole article. The page's script sets `block` and `start` too."""

    block = forms.IntegerField(required=False, min_value=0, max_value=10_000)
    start = forms.IntegerField(required=False, min_value=0, max_value=1_000_000, widget=forms.HiddenInput)
    passage = CountedWordsField(label="Passage", required=False, max_length=1000, widget=_area(2))
    text = CountedWordsField(label="Comment", required=False, max_length=5000, widget=_area(3))
    suggestion = CountedWordsField(
        label="Wording you suggest for the passage", required=False, max_length=2000, widget=_area(2)
    )


class VerdictForm(DeskForm):
    """The whole verdict on a review: conflict of interest, check-list, verdict, remarks.

    Each question of the check-list (`items`) has a field `tick_<key>` for the answer and `words_<key>` for the words
    beside a “no”. `cleaned_data` has the arguments of `reviews.give_verdict`: the two mappings `ticks` and `reasons` in
    place of those fields.
    """

    digest = forms.CharField(widget=forms.HiddenInput, max_length=64)
    conflict = forms.ChoiceField(
        label="Do you have a conflict of interest in this text?",
        choices=[(Conflict.NONE, "None"), (Conflict.DECLARED, "I have one, and describe it")],
        widget=forms.RadioSelect,
        error_messages={"required": "Say whether you have a conflict of interest: “none” is an answer too."},
    )
    statement = CountedWordsField(label="What is it?", required=False, max_length=2000, widget=_area(2))
    remarks = CountedWordsField(
        label="Remarks on the whole (optional)", required=False, max_length=5000, widget=_area(3)
    )
    remarks_shown = forms.ChoiceField(
        label="May readers see these remarks?",
        required=False,
        choices=[
            (RemarksShown.NO, "No"),
            (RemarksShown.SIGNED, "Yes, with my name"),
            (RemarksShown.UNSIGNED, "Yes, without my name"),
        ],
        widget=forms.RadioSelect,
    )
    verdict = forms.ChoiceField(
        label="Your verdict on this revision",
        help_text="To request changes, leave at least one comment, so that the writer knows what to change.",
        choices=[(Verdict.APPROVE, "I approve it"), (Verdict.CHANGES, "I request changes, as commented")],
        widget=forms.RadioSelect,
        error_messages={"required": "Approve, or request changes."},
    )

    def __init__(
        self, review: Review, data: Mapping[str, str] | None = None, *, typed: Mapping[str, str] | None = None
    ) -> None:
        """Take the posted `data`, or the draft of this round (`typed`). No answer is preset from an earlier round."""
        super().__init__(data, initial={**(typed or {}), "digest": review.submission.revision.digest})
        self.review = review
        self.items = checklists.items_for(review.submission.article)
        for item in self.items:
            self.fields[f"tick_{item.pk}"] = forms.ChoiceField(
                label=item.question,
                choices=[(choice.value, choice.label.capitalize()) for choice in Ticked],
                widget=forms.RadioSelect,
                error_messages={"required": "Answer this question too."},
            )
            self.fields[f"words_{item.pk}"] = CountedWordsField(
                label="What is not right?",
                help_text="A text cannot be approved with “no” here." if item.is_required else "",
                required=False,
                max_length=1000,
                widget=_area(2),
            )

    @cached_property
    def tick_fields(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Return the fields of the check-list in its order, each with the one for the words beside a “no”.

        Beside each question stand its hint and what this advisor answered to it in an earlier round: one query.
        """
        earlier = checklists.last_answers(self.review) if self.items else {}
        found = []
        for item in self.items:
            field, last = self[f"tick_{item.pk}"], earlier.get(item.pk)
            answered = _answered(last.review.verdict_at, last.get_answer_display()) if last else ""
            field.help_text = _help_text(item.hint, answered)
            found.append((field, self[f"words_{item.pk}"]))
        return found

    def clean(self) -> dict[str, object]:
        """Refuse an answer that does not fit the verdict (`checklists.refusal`), beside its question."""
        data = super().clean()
        ticks, reasons = {}, {}
        for item in self.items:
            tick, words = f"tick_{item.pk}", f"words_{item.pk}"
            ticks[item.pk], reasons[item.pk] = data.pop(tick, ""), data.pop(words, "")
            if refused := checklists.refusal(item, ticks[item.pk], reasons[item.pk], data.get("verdict", "")):
                self.add_error(tick if item.is_required else words, refused)
        return {**data, "ticks": ticks, "reasons": reasons}


def _answered(at: datetime, answer: str) -> str:
    """Return in a sentence what was answered to a question before."""
    return f"On {times.day(at)} you answered: {answer}."


def _help_text(*sentences: str) -> SafeString:
    """Return these sentences as HTML, each escaped and in an element of its own: Django prints help texts unescaped."""
    return format_html_join(" ", "<span>{}</span>", ((sentence,) for sentence in sentences if sentence))


# What may be kept as it is typed, besides the check-list: as it was typed, too long or not.
DRAFT_FIELDS = {
    "conflict",
    "statement",
    "remarks",
    "remarks_shown",
    "verdict",
    "block",
    "start",
    "passage",
    "text",
    "suggestion",
}
MAX_DRAFT_LENGTH = 400_000  # characters in all


def draft_fields(posted: Mapping[str, str]) -> dict[str, str]:
    """Return the posted fields that belong to a draft. Raises InvalidTransition where they are too long in all."""
    names = [
        name
        for name in posted
        if name in DRAFT_FIELDS or (name.startswith(("tick_", "words_", "reply_")) and name[5:].strip("_").isdigit())
    ]
    # No table of PostgreSQL takes a NUL, and no form the other signs that nobody sees.
    clean = {name: strip_controls(posted[name]) for name in names[:300]}
    found = {name: words for name, words in clean.items() if words}
    if sum(map(len, found.values())) > MAX_DRAFT_LENGTH:
        raise InvalidTransition(f"More than {MAX_DRAFT_LENGTH:,} characters are not kept as they are typed.")
    return found


def draft_words(typed: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return the texts in a draft, each with a label; choices are left out."""
    labels = {
        "passage": "Passage",
        "text": "Comment",
        "suggestion": "Suggested wording",
        "statement": "Conflict of interest",
        "remarks": "Remarks on the whole",
    }
    found = [(label, typed[name]) for name, label in labels.items() if typed.get(name)]
    found += [("Answer in a thread", words) for name, words in typed.items() if name.startswith("reply_")]
    return found + [("Beside the check-list", words) for name, words in typed.items() if name.startswith("words_")]


class ProfileForm(forms.ModelForm):
    """An advisor's own part of their profile."""

    class Meta:
        model = Advisor
        fields = OWN
        labels = {"job_title": "What you do", "affiliation": "Where you do it", "biography": "About you"}
        widgets = {"biography": _area(6)}
        field_classes = {"biography": CountedWordsField}
        help_texts = {"orcid": "Sixteen digits: 0000-0002-1825-0097. Leave it empty if you have none."}

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, label_suffix="", **kwargs)


class InterestForm(DeskForm):
    """The answer to one question of the yearly disclosure."""

    has = forms.ChoiceField(
        choices=[("no", "None"), ("yes", "Yes, and I describe it")],
        widget=forms.RadioSelect,
        error_messages={"required": "Answer each question: “none” is an answer."},
    )
    statement = CountedWordsField(
        label="From whom, for what, until when", required=False, max_length=1000, widget=_area(2)
    )
    topics = forms.ModelMultipleChoiceField(Topic.objects.none(), label="Topics that it touches", required=False)
    products = forms.ModelMultipleChoiceField(
        Product.objects.none(), label="Our products that it touches", required=False
    )

    def __init__(
        self, *args: object, question: Question, topics: list[Topic], products: list[Product], **kwargs: object
    ):
        super().__init__(*args, prefix=question.value, **kwargs)
        self.question = question
        self.fields["has"].label = question.label
        for name, things in (("topics", topics), ("products", products)):
            field = self.fields[name]
            field.queryset = type(things[0]).objects.all() if things else field.queryset
            field.widget = forms.CheckboxSelectMultiple()
            field.widget.choices = [(thing.pk, str(thing)) for thing in things]

    def clean(self) -> dict[str, object]:
        """Require a description of an interest."""
        data = super().clean()
        if data.get("has") == "yes" and not data.get("statement"):
            self.add_error("statement", "Describe the interest in a sentence.")
        return data

    def interest(self) -> Interest:
        """Return the answer as `disclosures.disclose` takes it."""
        data = self.cleaned_data
        if data["has"] == "no":
            return Interest()
        return Interest(data["statement"], tuple(data["topics"]), tuple(data["products"]))


def interest_forms(earlier: Disclosure | None, posted: Mapping[str, str] | None = None) -> list[InterestForm]:
    """Return a form for each question. Three queries.

    The answers of the earlier disclosure are shown beside each question. Its descriptions are preset, its answers are
    not: whether an interest is still held has to be said anew each year.
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
            answered = _answered(earlier.made_at, "yes" if row.statement else "none")
            form.fields["has"].help_text = _help_text(answered)
        found.append(form)
    return found
