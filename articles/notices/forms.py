"""The form with which an editor corrects a notice or note."""

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from articles.forms import VerbForm, WordsField
from articles.models import Article, Revision
from articles.notices.correcting import ShownNotice, notices_of
from core import times

CHOICES = 20  # notices to choose from, the newest


class CorrectNoticeForm(VerbForm):
    verb, button = "correct_notice", _("Correct a notice")
    hint = _("Readers see the new words and the day of the correction. The old words stay on file.")
    seen = None
    notice = forms.ChoiceField(label=_("Which notice"))
    words = WordsField(
        label=_("The notice as readers should see it"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )

    overtaken: ShownNotice | None = None

    @classmethod
    def for_article(cls, article: Article, head: Revision | None, data: QueryDict | None = None) -> VerbForm:
        """Return the form with the article's newest notices to choose from, and the words of the newest one.

        If the posted notice was corrected after its form was opened, the form is invalid and `overtaken` is the notice
        as readers see it now. It is then the one chosen, so that the user can send the typed words again.
        """
        shown = notices_of(article)[:CHOICES]
        name = f"{cls.verb}-notice"
        overtaken = _overtaken(shown, data.get(name, "")) if data is not None else None
        if data is not None and overtaken:
            data = data.copy()
            data[name] = _key(overtaken)
        form = super().for_article(article, head, data)
        if isinstance(form, cls):
            form.overtaken = overtaken
        choice = form.fields["notice"]
        if isinstance(choice, forms.ChoiceField):
            choice.choices = [(_key(one), _label(one)) for one in shown]
        if shown:
            form.initial.update(notice=_key(shown[0]), words=shown[0].words)
        return form

    def clean_notice(self) -> str:
        """Return the key of the notice. Raise ValidationError (overtaken) if it was corrected in the meantime."""
        if self.overtaken:
            message = _(
                "Somebody has corrected this notice in the meantime. What you typed is still below. "
                "Send it again to replace what readers see now: “%(words)s”"
            )
            raise forms.ValidationError(message, code="overtaken", params={"words": self.overtaken.words})
        key: str = self.cleaned_data["notice"]
        return key

    def arguments(self) -> dict[str, object]:
        """Return the keyword arguments for `correct_notice`."""
        publication, about, correction = self.cleaned_data["notice"].split(" ")
        return {
            "publication": int(publication),
            "about": about,
            "words": self.cleaned_data["words"],
            "seen_correction": int(correction),
        }


def _key(notice: ShownNotice) -> str:
    return f"{notice.publication.pk} {notice.about} {notice.correction}"


def _overtaken(shown: list[ShownNotice], key: str) -> ShownNotice | None:
    """Return the notice that `key` names if `key` has another correction than its newest, otherwise None."""
    same = (one for one in shown if _key(one).rpartition(" ")[0] == key.rpartition(" ")[0] and _key(one) != key)
    return next(same, None)


def _label(notice: ShownNotice) -> str:
    is_withdrawal = notice.about == notice.about.WITHDRAWAL
    day = times.day(notice.publication.ends_at if is_withdrawal else notice.publication.starts_at)
    return f"{notice.about.label.capitalize()}, {day}: {notice.words[:80]}"
