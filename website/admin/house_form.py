"""The form of the house settings, filled with the current values. It detects and merges concurrent changes."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.house.defaults import COLOUR_FIELDS
from core.house.publishing import changed_fields
from core.house.values import House
from core.house.versions import FIELDS, LOGO_FIELDS, LOGO_TYPES
from core.models import HouseVersion
from pictures.fields import PictureFormField

MOST_LOGO_BYTES = 300_000
LONGEST_LOGO_SIDE = 2000  # pixels


def label_of(name: str) -> str:
    """Return the label of a field of the house settings."""
    return str(HouseVersion._meta.get_field(name).verbose_name)


class HouseForm(forms.ModelForm):
    """The form for the next version of the house settings.

    A field that still shows its default stays unset, so that it follows later changes of the default. `base` is the
    number of the version that was in force when the form was opened. `source` is the number of the version whose values
    and logo fill the form: the same version, or an earlier one that is being restored.
    """

    base = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    source = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    new_logo = PictureFormField(
        label=_("New logo"),
        required=False,
        help_text=_(
            "PNG, WebP or JPEG of up to 300 KB, shown 28 pixels high in the header, as the icon of the site and in "
            "structured data. An SVG is not accepted: it can hold scripts."
        ),
    )
    drawn_mark = forms.BooleanField(
        label=_("No logo"), required=False, help_text=_("Show the built-in drawing, in the accent colour.")
    )

    class Meta:
        model = HouseVersion
        fields = FIELDS
        widgets = {
            **{name: forms.TextInput(attrs={"type": "color"}) for name in COLOUR_FIELDS},
            **{name: forms.Textarea(attrs={"rows": 3, "cols": 80}) for name in ("fda_one", "fda_many")},
            "advice": forms.Textarea(attrs={"rows": 4, "cols": 80}),
            "consent": forms.Textarea(attrs={"rows": 4, "cols": 80}),
        }

    @staticmethod
    def initial_of(chosen: HouseVersion | None, newest: HouseVersion | None) -> dict[str, object]:
        """Return the initial data of a form that shows the values of `chosen` while `newest` is in force.

        For either, None stands for the defaults, which have the number 0.
        """
        house = chosen.house if chosen else House()
        values = {name: house.value(name) for name in FIELDS}
        return {**values, "base": newest.number if newest else 0, "source": house.number}

    def clean(self) -> dict[str, Any]:
        """Return the values, with "" for each field that was not set before and still shows the default.

        A field with an empty value follows later changes of the default. Raise ValidationError (stale) if a newer
        version has been saved since the form was opened.
        """
        cleaned = super().clean()
        base, source = cleaned.get("base"), cleaned.get("source")
        if base is None or source is None:
            return cleaned
        newest = HouseVersion.objects.newest()
        if (newest.number if newest else 0) != base:
            self._take_over(base, newest)
        chosen = _house(source)
        for name in FIELDS:
            if name not in chosen.own and cleaned.get(name) == chosen.value(name):
                cleaned[name] = ""
        return cleaned

    def clean_new_logo(self) -> Any:
        """Return the prepared picture, or None if there is no new logo.

        Raise ValidationError if it is not PNG, WebP or JPEG (logo_format), or if it has more than MOST_LOGO_BYTES bytes
        or a side of more than LONGEST_LOGO_SIDE pixels (logo_size).
        """
        picture = self.cleaned_data["new_logo"]
        if not picture:
            return picture
        if picture.name.rpartition(".")[2] not in LOGO_TYPES:
            raise ValidationError(_("Save the logo as PNG, WebP or JPEG."), code="logo_format")
        if picture.size > MOST_LOGO_BYTES or max(picture.width, picture.height) > LONGEST_LOGO_SIDE:
            raise ValidationError(
                _("The logo may have %(kilobytes)s KB and %(side)s pixels a side at most."),
                code="logo_size",
                params={"kilobytes": MOST_LOGO_BYTES // 1000, "side": LONGEST_LOGO_SIDE},
            )
        return picture

    def values(self) -> dict[str, Any]:
        """Return the values of the next version for `core.house.publishing.publish`.

        If there is no new logo, they include the logo of the version `source`, unless “No logo” is ticked.
        """
        values = {name: self.cleaned_data[name] for name in FIELDS}
        picture = self.cleaned_data.get("new_logo")
        if picture:
            picture.seek(0)
            kind = picture.name.rpartition(".")[2]
            return {
                **values,
                **dict(zip(LOGO_FIELDS, (picture.read(), kind, picture.width, picture.height), strict=True)),
            }
        if self.cleaned_data["drawn_mark"]:
            return values
        kept = HouseVersion.objects.filter(number=self.cleaned_data["source"]).values(*LOGO_FIELDS).first()
        return {**values, **(kept or {})}

    def _take_over(self, base: int, newest: HouseVersion) -> None:
        """Copy the changes that others saved since version `base` into the fields that this user has not changed.

        A form that restores an earlier version keeps all its values, because they were chosen as a whole. Always raise
        ValidationError (stale), so that the user sees the merged values before sending them.
        """
        before, source = HouseVersion.objects.filter(number=base).first(), self.cleaned_data["source"]
        changed, shown, now = changed_fields(newest, before), _house(source), newest.house
        data = self.data.copy()
        both = []
        for name in FIELDS:
            if source == base and self.cleaned_data.get(name, data.get(name)) == shown.value(name):
                data[name] = now.value(name)
            elif name in changed:
                both.append(label_of(name))
        if source == base:
            data["source"] = str(newest.number)
        data["base"] = str(newest.number)
        self.data = data
        params = {
            "person": str(newest.made_by),
            "number": newest.number,
            "changed": ", ".join(label_of(name) for name in changed),
        }
        words = gettext(
            "%(person)s has saved version %(number)s since you opened this form, and changed: %(changed)s. "
            "The form below now contains their changes and yours. Look through them, and save again."
        )
        if both:
            words += " " + gettext("You have changed some of these as well, and the form keeps your values: %(both)s.")
            params["both"] = ", ".join(both)
        raise ValidationError(words, code="stale", params=params)


def _house(number: int) -> House:
    """Return the values of the version with this number, or the defaults if there is no such version (0)."""
    version = HouseVersion.objects.filter(number=number).defer("logo").first()
    return version.house if version else House()
