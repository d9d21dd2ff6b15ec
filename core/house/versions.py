"""The table of the house settings: each row is one version, and the newest is in force."""

from functools import partial
from typing import ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator, validate_email
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.db.immutable import ImmutableModel, ImmutableQuerySet
from core.fields import LineField, ProseField
from core.house import defaults
from core.house.contrast import LOWEST, low_contrasts
from core.house.values import House, Logo

# The fields that people fill in, in the order of the form. An empty field means the default.
TEXT_FIELDS = (
    *("name", "about", "motto", "advice_heading", "advice", "fda_one", "fda_many", "consent"),
    *("sender_name", "sender_address", "contact"),
)
FIELDS = (*TEXT_FIELDS, *defaults.COLOUR_FIELDS)
LOGO_FIELDS = ("logo", "logo_extension", "logo_width", "logo_height")
LOGO_TYPES = {"png": "image/png", "webp": "image/webp", "jpg": "image/jpeg"}

_plain_name = RegexValidator(
    r'[<>"\\@]',
    _('Leave out < > " \\ and @: they have a meaning in the headers of emails.'),
    "plain",
    inverse_match=True,
)
_hex_colour = RegexValidator(r"\A#[0-9a-f]{6}\Z", _("Write the colour as # and six digits, such as #0d5c53."), "colour")
_colour = partial(LineField, max_length=7, blank=True, validators=[_hex_colour])


class HouseVersionQuerySet(ImmutableQuerySet["HouseVersion"]):
    """Queries on the versions of the house settings."""

    def newest(self) -> "HouseVersion | None":
        """Return the version in force without the bytes of its logo, or None if no version has been saved."""
        return self.defer("logo").order_by("-number").first()

    def in_force(self) -> House:
        """Return the settings of the newest version, or the defaults if there is none. Makes one query."""
        newest = self.newest()
        return newest.house if newest else House()


class HouseVersion(ImmutableModel):
    """A version of the house settings, saved by `core.house.publishing.publish` and never changed or deleted."""

    number = models.PositiveIntegerField(_("version"), unique=True)
    made_at = models.DateTimeField(_("saved"), default=timezone.now)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by")
    )
    changed = LineField(_("changed"), max_length=400, blank=True, editable=False)  # names of fields
    name = LineField(
        _("name"),
        max_length=80,
        blank=True,
        validators=[_plain_name],
        help_text=_(
            "Shown in the header, the titles of pages, feeds, citations, structured data, emails, calendar files, "
            "authenticator apps and the admin."
        ),
    )
    about = LineField(
        _("about"),
        max_length=200,
        blank=True,
        help_text=_("One sentence that search engines and link previews show of the home page."),
    )
    motto = LineField(_("motto"), max_length=160, blank=True, help_text=_("Shown at the top of every page’s footer."))
    advice_heading = LineField(
        _("medical disclaimer, first sentence"),
        max_length=120,
        blank=True,
        help_text=_("Shown in bold at the end of every page’s footer."),
    )
    advice = ProseField(
        _("medical disclaimer"), max_length=1000, blank=True, help_text=_("Follows that sentence in the footer.")
    )
    fda_one = LineField(
        _("FDA statement, one product"),
        max_length=800,
        blank=True,
        help_text=_(
            "Shown beside a supplement. It has to contain the sentences of 21 CFR 101.93(c)(1) word for word; you may "
            "add others, such as a translation."
        ),
    )
    fda_many = LineField(
        _("FDA statement, several products"),
        max_length=800,
        blank=True,
        help_text=_("Shown beside several supplements. It has to contain the sentences of 21 CFR 101.93(c)(2)."),
    )
    consent = ProseField(
        _("consent to the newsletter"),
        max_length=1000,
        blank=True,
        help_text=_(
            "Shown in the sign-up form. Subscribers keep the sentence that they agreed to; a new one applies to those "
            "who sign up from now on."
        ),
    )
    consent_words = ProseField(_("consent as it was shown"), max_length=1000, editable=False)
    consent_version = LineField(_("version of the consent"), max_length=20, editable=False)
    sender_name = LineField(
        _("sender’s name"),
        max_length=80,
        blank=True,
        validators=[_plain_name],
        help_text=_("Used in the From line of every email."),
    )
    sender_address = LineField(
        _("sender’s address"),
        max_length=150,
        blank=True,
        validators=[validate_email],
        help_text=_(
            "Every email comes from it. The mail server has to accept it, and its domain needs SPF and DKIM records "
            "for that server; otherwise emails end as spam."
        ),
    )
    contact = LineField(
        _("address for readers"),
        max_length=150,
        blank=True,
        validators=[validate_email],
        help_text=_("Shown in the footer and in structured data; answers to emails go to it. May be empty."),
    )
    accent = _colour(_("accent"), help_text=_("Links, buttons and the built-in logo drawing."))
    accent_dark = _colour(_("accent, dark"))
    accent_strong = _colour(_("strong accent"), help_text=_("Links and buttons under the pointer."))
    accent_strong_dark = _colour(_("strong accent, dark"))
    deep = _colour(_("footer"), help_text=_("The background of the footer."))
    deep_dark = _colour(_("footer, dark"))
    logo = models.BinaryField(_("logo"), default=bytes, blank=True)
    logo_extension = models.CharField(max_length=4, blank=True, editable=False)
    logo_width = models.PositiveIntegerField(default=0, editable=False)
    logo_height = models.PositiveIntegerField(default=0, editable=False)

    objects: ClassVar = HouseVersionQuerySet.as_manager()

    class Meta:
        default_permissions = ("add", "view")
        verbose_name = _("version of the house settings")
        verbose_name_plural = _("house settings")
        ordering = ["-number"]

    def __str__(self) -> str:
        return f"Version {self.number}"

    @property
    def house(self) -> House:
        """Return the values of this version."""
        logo = Logo(self.logo_extension, self.logo_width, self.logo_height) if self.logo_extension else None
        own = {name: value for name in FIELDS if (value := getattr(self, name))}
        return House(self.number, own, logo, self.consent_version, self.consent_words)

    def clean(self) -> None:
        """Empty the fields that equal their default, and check the statements that the law prescribes and the colours.

        Raise ValidationError for a statement without the wording of the law (statutory), and for colours with a
        contrast below 4.5:1 (contrast; WCAG 2.2, 1.4.3).
        """
        default = House(own={"name": self.name} if self.name else {})
        for name in FIELDS:
            if getattr(self, name) == (House() if name == "name" else default).value(name):
                setattr(self, name, "")
        errors: dict[str, list[ValidationError]] = {}
        for name, words in defaults.STATEMENTS.items():
            if (own := getattr(self, name)) and words not in own:
                message = _("The law asks for these words, unchanged: “%(words)s”")
                errors[name] = [ValidationError(message, code="statutory", params={"words": words})]
        for pair in self._low_contrasts():
            message = _("On %(other)s (%(colour)s) it reaches a contrast of %(ratio)s:1; readers need %(lowest)s:1.")
            params = {
                "other": pair.other,
                "colour": pair.other_colour,
                "ratio": f"{int(pair.ratio * 100) / 100:.2f}",
                "lowest": LOWEST,
            }
            errors.setdefault(pair.field, []).append(ValidationError(message, code="contrast", params=params))
        if errors:
            raise ValidationError(errors)

    def _low_contrasts(self) -> list:
        own = {name: value for name in defaults.COLOUR_FIELDS if (value := getattr(self, name))}
        try:
            for value in own.values():
                _hex_colour(value)
        except ValidationError:
            return []  # the field's own error says what is wrong
        return [pair for pair in low_contrasts(House(own=own).colours) if pair.field in own]
