"""What a list in the admin may be cut by, for whoever writes the address by hand."""

from django.contrib.admin.options import IncorrectLookupParameters
from django.http import HttpRequest

# What Django's filters put behind the name of a field.
SUFFIXES = {"", "exact", "in", "isnull", "gte", "gt", "lte", "lt"}


class DeclaredLookups:
    """For a ModelAdmin: the query of its list may name what `list_filter` declares, and nothing else.

    Django lets everybody who sees a list cut it by any field and by any key one relation away. The length of the list
    then answers questions about rows that this person may not see: `?articles__id__exact=7` on the list of authors
    says who writes a text that nobody has published.
    """

    def lookup_allowed(self, lookup: str, value: object, request: HttpRequest) -> bool:
        """Whether the query may name this look-up. Django answers 400 where it may not.

        Raises IncorrectLookupParameters, which leads to the whole list, for what is no field at all.
        """
        if any(_is_of(lookup, item) for item in self.get_list_filter(request)):
            return super().lookup_allowed(lookup, value, request)
        fields = {field.name for field in self.model._meta.get_fields()}
        if lookup.partition("__")[0] not in {"pk", *fields}:
            raise IncorrectLookupParameters
        return False


def _is_of(lookup: str, item: object) -> bool:
    """Whether the look-up is one that this item of a `list_filter` asks for."""
    if hasattr(item, "parameter_name"):
        return lookup == item.parameter_name
    path = item if isinstance(item, str) else item[0]
    if lookup != path and not lookup.startswith(f"{path}__"):
        return False
    rest = lookup.removeprefix(path).removeprefix("__")
    return rest.removeprefix("id").removeprefix("__") in SUFFIXES
