"""The questions of the check-list, in the admin."""

from django import forms
from django.contrib import admin
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from advisors.models import ChecklistAnswer, ChecklistItem
from core.admin.history import HistoryAdmin


@admin.register(ChecklistItem)
class ChecklistItemAdmin(HistoryAdmin):
    """The check-list's questions, in order. A question that has been answered can be switched off but not deleted."""

    list_display = ("question", "position", "of", "is_required", "is_active")
    list_editable = ("position",)
    list_filter = ("is_active", "topics")
    search_fields = ("question", "hint")
    formfield_overrides = {models.ManyToManyField: {"widget": forms.CheckboxSelectMultiple}}
    fieldsets = (
        (None, {"fields": ("question", "hint", "is_required", "position", "is_active")}),
        (
            _("For which texts"),
            {
                "fields": ("topics",),
                "description": _(
                    "Without a topic, the question is asked about every text. Reviewers answer it in its wording on "
                    "the day of their verdict, and each answer keeps that wording."
                ),
            },
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[ChecklistItem]:
        questions: QuerySet[ChecklistItem] = super().get_queryset(request)
        return questions.prefetch_related("topics")

    @admin.display(description=_("asked about"))
    def of(self, item: ChecklistItem) -> str:
        return ", ".join(topic.name for topic in item.topics.all()) or gettext("every text")

    def has_delete_permission(self, request: HttpRequest, obj: ChecklistItem | None = None) -> bool:
        """Return whether the user may delete this question: never an answered one, and never several at once."""
        if not super().has_delete_permission(request, obj):
            return False
        return obj is not None and not ChecklistAnswer.objects.filter(item=obj).exists()
