"""The bulk action that adds a reviewer to several articles."""

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from advisors import panel
from advisors.models import Advisor
from articles.admin import ArticleAdmin
from articles.admin.bulk import BulkVerb
from articles.models import Article


class AssignForm(forms.Form):
    """The form of the bulk action “Add a reviewer”, which asks for the advisor."""

    button, hint = (
        _("Add as reviewer"),
        _("For articles in review they are asked at once, for the others at the next submission."),
    )
    advisor = forms.ModelChoiceField(Advisor.objects.filter(is_active=True))


def _assign(article: Article, actor: User, values: dict) -> str:
    asked = panel.assign(article=article, advisor=values["advisor"], actor=actor)
    said = (
        gettext("%(advisor)s is a reviewer now and has been asked.")
        if asked
        else gettext("%(advisor)s is a reviewer now.")
    )
    return said % {"advisor": values["advisor"]}


ASSIGN = BulkVerb("assign", _("Add a reviewer"), AssignForm, _assign, "articles.edit_all_articles")

ArticleAdmin.bulk_verbs = (*ArticleAdmin.bulk_verbs, ASSIGN)
