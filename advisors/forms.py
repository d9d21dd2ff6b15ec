"""What a review asks of an advisor."""

from collections.abc import Iterable

from django import forms
from django.utils.html import escape

from advisors.checklists import items_for
from advisors.models import ChecklistItem, Conflict, Review, Ticked, Verdict
from articles.forms import WordsField


class DeclineForm(forms.ModelForm):
    class Meta:
        model = Review
        fields = ["decline_reason"]
        field_classes = {"decline_reason": WordsField}
        labels = {"decline_reason": "Why you decline"}
        widgets = {"decline_reason": forms.Textarea(attrs={"rows": 2})}


class ReviewForm(forms.Form):
    """Everything that an advisor says on one page, so that one press keeps all of it.

    `digest` names the revision that was on the page: the verdict speaks of that one. The question on conflicts
    of interest follows the ICMJE's disclosure form: an explicit “none” is an answer.
    """

    digest = forms.CharField(widget=forms.HiddenInput, max_length=64)
    conflict = forms.ChoiceField(
        label="Do you have a conflict of interest in this text?",
        required=False,
        choices=[(Conflict.NONE, "None"), (Conflict.DECLARED, "I have one, and describe it")],
        widget=forms.RadioSelect,
    )
    statement = WordsField(
        label="Description", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )
    passage = WordsField(
        label="A passage, copied from the text (optional)",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    text = WordsField(label="Your comment", required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 4}))
    verdict = forms.ChoiceField(
        label="Your verdict on this revision",
        required=False,
        choices=[(Verdict.APPROVE, "I approve it"), (Verdict.CHANGES, "I request changes, as commented")],
        widget=forms.RadioSelect,
    )
    remarks = WordsField(
        label="Remarks (optional)", required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: object, items: Iterable[ChecklistItem] = (), **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.items = list(items)
        for item in self.items:
            self.fields[f"tick_{item.pk}"] = forms.ChoiceField(
                label=item.question,
                help_text=escape(item.hint),  # a form prints its help texts as HTML
                required=False,
                choices=[(choice.value, choice.label.capitalize()) for choice in Ticked],
                widget=forms.RadioSelect,
            )

    def tick_fields(self) -> list[forms.BoundField]:
        """The check-list's fields, in its order."""
        return [self[f"tick_{item.pk}"] for item in self.items]

    def arguments(self) -> dict[str, object]:
        """What `reviews.answer` takes of it."""
        said = {name: value for name, value in self.cleaned_data.items() if not name.startswith("tick_")}
        return {**said, "ticks": {item.pk: self.cleaned_data[f"tick_{item.pk}"] for item in self.items}}

    @classmethod
    def of(cls, review: Review) -> "ReviewForm":
        """The form as the advisor left it."""
        return cls(
            items=items_for(review.submission.article),
            initial={
                "digest": review.submission.revision.digest,
                "conflict": review.conflict,
                "statement": review.conflict_statement,
                "remarks": review.remarks,
            },
        )
