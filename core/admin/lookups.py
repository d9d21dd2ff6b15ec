"""Limits the filters that somebody can type into the address of an admin list."""

from django.contrib.admin.options import IncorrectLookupParameters
from django.http import HttpRequest

# The suffixes that Django's own filters append to the name of a field.
SUFFIXES = {"", "exact", "in", "isnull", "gte", "gt", "lte", "lt"}


class DeclaredLookups:
    """Mixin for a ModelAdmin: the address of its list may filter by what `list_filter` declares and nothing else.

    Django lets everybody who sees a list filter it by any field and by any key one relation away. The length of the
    list then answers questions about rows that this person may not see: `?articles__id__exact=7` on the list of authors
    tells who writes an unpublished article.
    """

    def lookup_allowed(self, lookup: str, value: object, request: HttpRequest) -> bool:
        """Return whether the address may use this lookup. If not, Django answers 400.

        Raises IncorrectLookupParameters, by which Django redirects to the unfiltered list, for an unknown field.
        """
        if any(_is_of(lookup, item) for item in self.get_list_filter(request)):
            return super().lookup_allowed(lookup, value, request)
        fields = {field.name for field in self.model._meta.get_fields()}
        if lookup.partition("__")[0] not in {"pk", *fields}:
            raise IncorrectLookupParameters
        return False


def _is_of(lookup: str, item: object) -> bool:
    """Return whether the lookup is one that this item of a `list_filter` uses."""
    if hasattr(item, "parameter_name"):
        return lookup == item.parameter_name
    path = item if isinstance(item, str) else item[0]
    if lookup != path and not lookup.startswith(f"{path}__"):
        return False
    rest = lookup.removeprefix(path).removeprefix("__")
    return rest.removeprefix("id").removeprefix("__") in SUFFIXES
