"""Advisors, and the panel as part of an article's form."""

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import models
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest
from django.urls import URLPattern

from advisors import panel
from advisors.admin import beside, choose
from advisors.models import Advisor, PanelMember
from articles.admin import ArticleAdmin
from articles.admin.rows import RowInline
from articles.models import Article
from articles.permissions import may
from betterment.past import PastAdmin


@admin.register(Advisor)
class AdvisorAdmin(PastAdmin):
    list_display = ("name", "credentials", "affiliation", "user", "is_active")
    list_select_related = ("user",)
    list_filter = ("is_active", "specialties")
    search_fields = ("name", "affiliation", "user__email")
    autocomplete_fields = ("user",)
    formfield_overrides = {models.ManyToManyField: {"widget": forms.CheckboxSelectMultiple}}
    prepopulated_fields = {"slug": ("name",)}

    def get_search_results(self, request: HttpRequest, queryset, search_term: str):
        """Choosing somebody for a panel offers those on the board."""
        found, distinct = super().get_search_results(request, queryset, search_term)
        if request.path.endswith("/autocomplete/"):
            found = found.filter(is_active=True)
        return found, distinct

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [*choose.paths(view), *beside.paths(view), *super().get_urls()]

    def has_delete_permission(self, request: HttpRequest, obj: Advisor | None = None) -> bool:
        return False


class PanelFormSet(BaseInlineFormSet):
    """Writers propose; an editor's own choice is decided at once. Who was asked in an open round stays.

    Rows that are chosen here are held to the same rule as everywhere (panel.refusals); those that stand are left.
    """

    actor = None

    def clean(self) -> None:
        super().clean()
        staying = panel.asked_now(self.instance) if self.deleted_forms else set()
        for form in self.deleted_forms:
            if form.instance.advisor_id in staying:
                raise ValidationError(panel.STAYS, code="asked", params={"advisor": form.instance.advisor})
        chosen = [form for form in self.forms if form.has_changed() and form not in self.deleted_forms]
        advisors = {form: form.cleaned_data["advisor"] for form in chosen if form.cleaned_data.get("advisor")}
        refused = panel.refusals(self.instance, advisors.values(), self.actor) if advisors else {}
        for form, advisor in advisors.items():
            if advisor.pk in refused:
                form.add_error("advisor", ValidationError(refused[advisor.pk], code="refused"))

    def save_new(self, form: forms.ModelForm, commit: bool = True) -> PanelMember:
        form.instance.proposed_by = self.actor
        form.instance.confirmed = panel.may_decide(self.actor)
        return super().save_new(form, commit)

    def save(self, commit: bool = True) -> list[PanelMember]:
        members = super().save(commit)
        panel.settle(article=self.instance, actor=self.actor)
        return members


class PanelInline(RowInline):
    model = PanelMember
    formset = PanelFormSet
    fields = ("advisor", "confirmed", "proposed")
    readonly_fields = ("proposed",)
    autocomplete_fields = ("advisor",)
    verbose_name = "reviewer"
    verbose_name_plural = "Panel: who reviews"

    def get_queryset(self, request: HttpRequest):
        return super().get_queryset(request).select_related("proposed_by")

    def get_formset(self, request: HttpRequest, obj: Article | None = None, **kwargs):
        formset = super().get_formset(request, obj, **kwargs)
        return type(formset.__name__, (formset,), {"actor": request.user})

    def get_readonly_fields(self, request: HttpRequest, obj: Article | None = None) -> tuple[str, ...]:
        return ("proposed",) if panel.may_decide(request.user) else ("confirmed", "proposed")

    def has_add_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        return super().has_add_permission(request, obj) and (obj is None or may(request.user, "edit", obj))

    @admin.display(description="proposed by")
    def proposed(self, member: PanelMember) -> str:
        return str(member.proposed_by or "–")


ArticleAdmin.inlines = [*ArticleAdmin.inlines, PanelInline]
ArticleAdmin.list_filter = (*ArticleAdmin.list_filter, "panel__advisor")
