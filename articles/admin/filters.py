"""Filters of the list of articles."""

from datetime import timedelta

from django.contrib import admin
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from articles.models import Publication
from articles.reviews_due import last_review_before, marked_since_approval


class ShownFilter(admin.SimpleListFilter):
    """What readers see, which is another thing than the stage of the working copy."""

    title = "what readers see"
    parameter_name = "shown"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("live", "a page"), ("scheduled", "a page later"), ("withdrawn", "a notice"), ("never", "nothing yet")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        own = Publication.objects.filter(article=OuterRef("pk"))
        if self.value() == "live":
            return queryset.visible()
        if self.value() == "scheduled":
            return queryset.filter(Exists(own.upcoming()))
        if self.value() == "withdrawn":
            return queryset.filter(Exists(own.withdrawn())).exclude(Exists(own.visible()))
        if self.value() == "never":
            return queryset.exclude(Exists(own.filter(cancelled_at=None)))
        return queryset


class NextReviewFilter(admin.SimpleListFilter):
    """When what readers see comes before the board again: by its topics after its newest approval, or at once
    where a source that it cites was retracted or doubted since."""

    title = "next review due"
    parameter_name = "review_due"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [
            ("0", "now"),
            ("source", "now, for a source"),
            ("30", "within 30 days"),
            ("90", "within 90 days"),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        marked = Exists(marked_since_approval().filter(revision=OuterRef("approval__revision")))
        live = Publication.objects.visible().filter(article=OuterRef("pk"))
        if self.value() == "source":
            return queryset.filter(Exists(live.filter(marked)))
        if self.value() not in ("0", "30", "90"):
            return queryset
        due = last_review_before(timezone.now() + timedelta(days=int(self.value()))).filter(article=OuterRef("pk"))
        return queryset.filter(Exists(due) | Exists(live.filter(marked)))
