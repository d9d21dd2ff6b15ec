"""Inline rows of the admin that have an order, kept in a field `position` of the model."""

from django.forms import Media, Script


class OrderedRows:
    """Mixin: rows can be dragged, or moved by two buttons; without script the field itself is there."""

    @property
    def media(self) -> Media:
        return super().media + Media(js=[Script("js/ordered_rows.js", type="module")])
