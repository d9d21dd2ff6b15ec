"""The form of a row in an editable list of the admin."""

from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from core.admin import fingerprints
from core.db.own_fields import own_field


class UnchangedSinceForm(forms.ModelForm):
    """The form of a row in a list, which also carries the values that the list showed.

    A row that the user has not touched is not saved, even if somebody else has changed it since. If both have changed a
    value, the row is refused, and the next save replaces the stored value.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for form_field in self.fields.values():
            form_field.show_hidden_initial = True

    def clean(self) -> dict[str, Any]:
        """Return the cleaned values. Add an error (overtaken) to each field that somebody else has changed as well."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for name in fingerprints.compared_fields(self):
            if name not in self.changed_data or name not in cleaned:
                continue
            stored, shown = fingerprints.stored_value(self, name), self._shown(name)
            typed = fingerprints.typed_value(self, name)
            if stored in (shown, typed):
                continue
            data = cast(QueryDict, self.data).copy()  # the stubs know only that it is a mapping
            data[self.add_initial_prefix(name)] = stored
            self.data = data
            self.add_error(
                name,
                ValidationError(
                    _("Somebody has changed this to “%(stored)s” since you opened the list. Save again to replace it."),
                    code="overtaken",
                    params={"stored": stored},
                ),
            )
        return cleaned

    def _shown(self, name: str) -> str | None:
        """Return the value that the list showed, as text, or None if it was not posted or is not valid."""
        form_field, key = self.fields[name], self.add_initial_prefix(name)
        if key not in self.data:
            return None
        value = form_field.hidden_widget().value_from_datadict(self.data, self.files, key)
        try:
            return fingerprints.as_text(own_field(self._meta.model, name), form_field.to_python(value))
        except ValidationError:
            return None
