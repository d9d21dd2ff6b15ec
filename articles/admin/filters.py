"""Filters of the list of articles."""

from datetime import timedelta

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.db.models import Count, Exists, Model, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.sessions import signed_in
from articles import pending
from articles.models import Article, Assignment, Author, Authorship, Publication, Stage, Topic
from articles.reviews_due import due_apart, in_doubt


class AssignedFilter(admin.SimpleListFilter):
    """Filter by the person who has the article."""

    title = _("assigned to")
    parameter_name = "assigned"
    MINE_UNFINISHED = "unfinished"  # also the list behind the dashboard's panel

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [
            (self.MINE_UNFINISHED, gettext("me, and not published yet")),
            ("me", gettext("me")),
            ("others", gettext("others")),
            ("nobody", gettext("nobody")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """Return the articles that the chosen people have, or that nobody has."""
        taken = Assignment.objects.filter(person__isnull=False).order_by()
        mine = Assignment.objects.of(signed_in(request)).order_by()
        if self.value() == "me":
            return queryset.filter(pk__in=mine.values("article"))
        if self.value() == self.MINE_UNFINISHED:
            return queryset.filter(pk__in=mine.unfinished().values("article"))
        if self.value() == "others":
            return queryset.filter(pk__in=taken.exclude(person=signed_in(request)).values("article"))
        if self.value() == "nobody":
            return queryset.exclude(Exists(taken.filter(article=OuterRef("pk"))))
        return queryset


class DeadlineFilter(admin.SimpleListFilter):
    """Filter articles that are not published yet by their deadline, in the newsroom's time zone."""

    title = _("deadline")
    parameter_name = "deadline"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("overdue", gettext("overdue")), ("week", gettext("this week"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """Return the articles whose deadline has passed, or is on a day from today to Sunday."""
        today = timezone.localdate()
        if self.value() == "overdue":
            found = Assignment.objects.overdue(today)
        elif self.value() == "week":
            sunday = today + timedelta(days=6 - today.weekday())
            found = Assignment.objects.unfinished().filter(due_on__range=(today, sunday))
        else:
            return queryset
        return queryset.filter(pk__in=found.order_by().values("article"))


class ShownFilter(admin.SimpleListFilter):
    """Filter by the published state, which is independent of the stage of the working copy."""

    title = _("what readers see")
    parameter_name = "shown"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [
            ("live", gettext("a version")),
            ("scheduled", gettext("a scheduled version")),
            ("withdrawn", gettext("a withdrawal notice")),
            ("expired", gettext("nothing: it has expired")),
            ("never", gettext("nothing yet")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """Return the articles in the chosen state.

        For a common state, articles are tested one by one in list order; for a rare one, the query starts from the
        publications.
        """
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
    """Filter by the day on which the published revision is due for its next review.

    A review is due once the review interval of the article's topics has passed since the latest approval, or at once if
    a cited source has been retracted or put in doubt since then.
    """

    title = _("next review due")
    parameter_name = "review_due"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [
            ("0", gettext("now")),
            ("source", gettext("now, because of a source")),
            ("30", gettext("within 30 days")),
            ("90", gettext("within 90 days")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        marked = in_doubt().order_by().values("article")
        if self.value() == "source":
            return queryset.filter(pk__in=marked)
        value = self.value()
        if value not in ("0", "30", "90"):
            return queryset
        due = due_apart(timezone.now() + timedelta(days=int(value)))
        # One union: with several conditions, the database would test every article against each of them.
        without_end, with_end = (found.order_by().values("article") for found in due)
        return queryset.filter(pk__in=without_end.union(with_end, marked))


class PendingSourceFilter(admin.SimpleListFilter):
    """Filter for articles not yet published that cite a source retracted or put in doubt since their submission."""

    title = _("sources")
    parameter_name = "sources"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("in_doubt", gettext("in doubt, and not live yet"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() == "in_doubt":
            return queryset.filter(pk__in=pending.in_doubt().order_by().values("revision__article"))
        return queryset


class HasFilter(admin.SimpleListFilter):
    """Base class of filters by related objects of a kind, such as topics. An article can have none or several.

    Django's own filter adds DISTINCT, which makes the database read and sort all matching rows. DISTINCT is not needed
    here, because an article has the same related object only once.
    """

    NONE = "none"
    # With this many rows or more, articles are tested in the order of the list until a page is full.
    MANY = 2000
    parameter_name: str
    things: type[Model]
    having: type[Model]
    without: str | Promise

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        found = self.things._default_manager.order_by("name").values_list("pk", "name")
        return [*((str(pk), name) for pk, name in found), (self.NONE, self.without)]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """Return the articles that match the choice. Raise IncorrectLookupParameters if the value is not a choice."""
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
        """Return the number of articles for each choice, as “<index of the choice, from 0>__c”, in two queries."""
        found = changelist.get_queryset(self.request, exclude_parameters=self.expected_parameters()).order_by()
        having = self.rows().filter(article__in=found.values("pk")).order_by()
        counted = dict(having.values_list(self.parameter_name).annotate(Count("pk")))
        without = found.exclude(Exists(self._own())).count()
        values = enumerate(value for value, _label in self.lookup_choices)
        return {f"{place}__c": without if value == self.NONE else counted.get(int(value), 0) for place, value in values}

    def rows(self) -> QuerySet:
        """Return the rows that join articles to the related objects. A subclass may leave some of them out."""
        return self.having._default_manager.all()

    def _own(self) -> QuerySet:
        return self.rows().filter(article=OuterRef("pk")).order_by()


class TopicFilter(HasFilter):
    """Filter articles by topic."""

    title, parameter_name = _("topics"), "topic"
    things, having, without = Topic, Article.topics.through, _("no topic")


class AuthorFilter(HasFilter):
    """Filter articles by author."""

    title, parameter_name = _("authors"), "author"
    things, having, without = Author, Authorship, _("no author")
