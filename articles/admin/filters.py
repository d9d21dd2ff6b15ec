"""Filters of the list of articles."""

from datetime import timedelta

from django.contrib import admin
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from articles.models import Publication, Stage
from articles.reviews_due import due_apart, in_doubt


class ShownFilter(admin.SimpleListFilter):
    """What readers see, which is another thing than the stage of the working copy."""

    title = "what readers see"
    parameter_name = "shown"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("live", "a page"), ("scheduled", "a page later"), ("withdrawn", "a notice"), ("never", "nothing yet")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """What most articles are is asked of each in the order of the list; what few are, from their side."""
        publications = Publication.objects.order_by()
        own = publications.filter(article=OuterRef("pk"))
        if self.value() == "live":
            return queryset.filter(Exists(own.visible()))
        if self.value() == "scheduled":
            return queryset.filter(pk__in=publications.upcoming().values("article"))
        if self.value() == "withdrawn":
            withdrawn = queryset.filter(pk__in=publications.withdrawn().values("article"))
            return withdrawn.exclude(Exists(own.visible()))
        if self.value() == "never":
            return queryset.exclude(stage=Stage.PUBLISHED).exclude(Exists(own.filter(cancelled_at=None)))
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
        marked = in_doubt().order_by().values("article")
        if self.value() == "source":
            return queryset.filter(pk__in=marked)
        if self.value() not in ("0", "30", "90"):
            return queryset
        due = due_apart(timezone.now() + timedelta(days=int(self.value())))
        # As one list: of several, every article would be asked whether it is in one of them.
        without_end, with_end = (found.order_by().values("article") for found in due)
        return queryset.filter(pk__in=without_end.union(with_end, marked))
