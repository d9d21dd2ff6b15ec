"""The forms of the actions that change an open round."""

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from articles.forms import VerbForm, WordsField
from articles.models import Article, Revision, Topic
from articles.review_terms import lowest_quorum
from articles.round_changes.terms import MOST_APPROVALS


class ChangeDueDateForm(VerbForm):
    verb, button = "change_due_date", _("Change the due date")
    hint = _("The reviewers who have not answered get an email, and reminders follow the new date.")
    seen = None
    due_on = forms.DateField(label=_("New due date"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))
    reason = WordsField(
        label=_("Why, for the reviewers (optional)"),
        required=False,
        max_length=2000,
        widget=forms.Textarea({"rows": 3}),
    )

    @classmethod
    def suggested(cls, article: Article) -> dict[str, object]:
        """Return the current due date."""
        submission = article.submissions.open().first()
        return {"due_on": submission.due_on} if submission else {}


class ChangeTermsForm(VerbForm):
    verb, button = "change_terms", _("Change the terms of the round")
    hint = _(
        "The reviewers get an email with your reason, and the public record shows it if the round approves. "
        "If the approvals suffice on the new terms, the board approves at once."
    )
    seen = None
    seen_change = forms.IntegerField(widget=forms.HiddenInput, required=False)
    quorum = forms.IntegerField(label=_("Approvals needed"))
    specialists = forms.ModelMultipleChoiceField(
        Topic.objects.none(),
        label=_("Topics in which a specialist has to approve"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    reason = WordsField(
        label=_("Why (reviewers and readers see it)"), max_length=1000, widget=forms.Textarea({"rows": 3})
    )

    @classmethod
    def for_article(cls, article: Article, head: Revision | None, data: QueryDict | None = None) -> VerbForm:
        """Return the form, with the article's topics and those that need a specialist now to choose from."""
        form = super().for_article(article, head, data)
        lowest = lowest_quorum()
        number = form.fields["quorum"]
        number.widget.attrs |= {"min": lowest, "max": MOST_APPROVALS}
        number.help_text = _("At least %(lowest)s, the newsroom’s own number.") % {"lowest": lowest}
        submission = article.submissions.open().first()
        needed = submission.terms_now().specialists if submission else ()
        known = [*article.topics.values_list("pk", flat=True), *(topic.pk for topic in needed)]
        field = form.fields["specialists"]
        if isinstance(field, forms.ModelMultipleChoiceField):
            field.queryset = Topic.objects.filter(pk__in=known)
        return form

    @classmethod
    def suggested(cls, article: Article) -> dict[str, object]:
        """Return the terms in force and the newest change of them."""
        submission = article.submissions.open().first()
        if submission is None:
            return {}
        terms, newest = submission.terms_now(), submission.terms_changes.first()
        return {
            "quorum": terms.quorum,
            "specialists": [topic.pk for topic in terms.specialists],
            "seen_change": newest.pk if newest else 0,
        }

    def arguments(self) -> dict[str, object]:
        """Return the keyword arguments for `change_terms`, including an empty choice of specialists."""
        return {**super().arguments(), "specialists": list(self.cleaned_data["specialists"])}
