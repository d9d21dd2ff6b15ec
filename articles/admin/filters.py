"""Filters of the list of articles."""

from datetime import timedelta

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.db.models import Count, Exists, Model, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from articles import pending
from articles.models import Article, Author, Authorship, Publication, Stage, Topic
from articles.reviews_due import due_apart, in_doubt


class ShownFilter(admin.SimpleListFilter):
    """What readers see, which is another thing than the stage of the working copy."""

    title = "what readers see"
    parameter_name = "shown"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [
            ("live", "a version"),
            ("scheduled", "a version later"),
            ("withdrawn", "a withdrawal notice"),
            ("expired", "nothing: it has expired"),
            ("never", "nothing yet"),
        ]

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
        if self.value() == "expired":
            return queryset.filter(pk__in=publications.expired().values("article"))
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
            ("source", "now, because of a source"),
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


class PendingSourceFilter(admin.SimpleListFilter):
    """What is before the board, approved or scheduled and cites a source that was retracted or doubted since."""

    title = "sources"
    parameter_name = "sources"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("in_doubt", "in doubt, and not live yet")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() == "in_doubt":
            return queryset.filter(pk__in=pending.in_doubt().order_by().values("revision__article"))
        return queryset


class HasFilter(admin.SimpleListFilter):
    """Articles that have one certain thing of which an article may have several, or none of them.

    Django's own filter tells the rows of such a join apart (DISTINCT): it reads and sorts all that are found, whole. An
    article has the same thing once.
    """

    NONE = "none"
    # From here on the articles are asked in the order of the list until a page is full.
    MANY = 2000
    things: type[Model]
    having: type[Model]
    without: str

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        found = self.things.objects.order_by("name").values_list("pk", "name")
        return [*((str(pk), name) for pk, name in found), (self.NONE, self.without)]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """Raises IncorrectLookupParameters for what is none of the choices."""
        value = self.value()
        if value is None:
            return queryset
        if value not in dict(self.lookup_choices):
            raise IncorrectLookupParameters(f"There is no {self.parameter_name} {value!r}.")
        if value == self.NONE:
            return queryset.exclude(Exists(self._own()))
        wanted = {self.parameter_name: value}
        found = self.rows().filter(**wanted).order_by()
        if found[: self.MANY].count() < self.MANY:
            return queryset.filter(pk__in=found.values("article"))
        return queryset.filter(Exists(self._own().filter(**wanted)))

    def get_facet_queryset(self, changelist: ChangeList) -> dict[str, int]:
        """How many each of the choices would find, by its place. Two queries; Django's own way asks for each choice."""
        found = changelist.get_queryset(self.request, exclude_parameters=self.expected_parameters()).order_by()
        having = self.rows().filter(article__in=found.values("pk")).order_by()
        counted = dict(having.values_list(self.parameter_name).annotate(Count("pk")))
        without = found.exclude(Exists(self._own())).count()
        values = enumerate(value for value, _ in self.lookup_choices)
        return {f"{place}__c": without if value == self.NONE else counted.get(int(value), 0) for place, value in values}

    def rows(self) -> QuerySet:
        """Return the rows that join articles to the things; a subclass may leave some of them out."""
        return self.having.objects.all()

    def _own(self) -> QuerySet:
        return self.rows().filter(article=OuterRef("pk")).order_by()


class TopicFilter(HasFilter):
    """By topic."""

    title, parameter_name = "topics", "topic"
    things, having, without = Topic, Article.topics.through, "no topic"


class AuthorFilter(HasFilter):
    """By author."""

    title, parameter_name = "authors", "author"
    things, having, without = Author, Authorship, "no author"
