"""A mixin that limits the filters that users can put into the URL of a change list in the admin."""

from django.contrib.admin import ModelAdmin
from django.contrib.admin.options import IncorrectLookupParameters
from django.http import HttpRequest

# The suffixes that Django's own filters append to the name of a field.
SUFFIXES = {"", "exact", "in", "isnull", "gte", "gt", "lte", "lt"}


class DeclaredLookups(ModelAdmin):
    """Mixin for a ModelAdmin whose change list can be filtered only by the lookups that `list_filter` declares.

    Django lets everybody who can see a change list filter it by any field and by any key one relation away. The number
    of results then discloses facts about rows that the user may not see. For example, `?articles__id__exact=7` on the
    list of authors shows who writes an unpublished article.
    """

    def lookup_allowed(  # type: ignore[override]  # the stubs also allow no request
        self, lookup: str, value: str, request: HttpRequest
    ) -> bool:
        """Return whether the URL may use this lookup. If not, Django responds with status 400.

        Raise IncorrectLookupParameters for an unknown field; Django then redirects to the unfiltered list.
        """
        if any(_is_of(lookup, item) for item in self.get_list_filter(request)):
            return super().lookup_allowed(lookup, value, request)
        fields = {field.name for field in self.model._meta.get_fields()}
        if lookup.partition("__")[0] not in {"pk", *fields}:
            raise IncorrectLookupParameters
        return False


def _is_of(lookup: str, item: object) -> bool:
    """Return whether this item of a `list_filter` uses the lookup."""
    if hasattr(item, "parameter_name"):
        return bool(lookup == item.parameter_name)
    path = str(item[0] if isinstance(item, tuple | list) else item)
    if lookup != path and not lookup.startswith(f"{path}__"):
        return False
    rest = lookup.removeprefix(path).removeprefix("__")
    return rest.removeprefix("id").removeprefix("__") in SUFFIXES
