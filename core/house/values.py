"""The house settings as the code reads them: a version's own values, and the defaults for the rest."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.conf import settings
from django.utils.translation import gettext

from core.house.defaults import COLOUR_FIELDS, COLOURS, CONSENT, STATEMENTS, TEXTS

_PLAIN_PHRASE = re.compile(r"[\w !#$%&'*+/=?^`{|}~-]+")


@dataclass(frozen=True)
class Logo:
    """The logo of a version: the extension of its format and its size in pixels."""

    extension: str
    width: int
    height: int


@dataclass(frozen=True)
class House:
    """One version of the house settings; `number` is 0 for the defaults.

    `own` holds the values that differ from the defaults, by field name. `consent_words` is the text that subscribers
    agree to under this version, and `consent_version` is the name of that text; both are empty for the defaults
    (newsletter.consent).
    """

    number: int = 0
    own: Mapping[str, str] = field(default_factory=dict)
    logo: Logo | None = None
    consent_version: str = ""
    consent_words: str = ""

    @property
    def name(self) -> str:
        """Return the name of the publication."""
        return self.own.get("name") or settings.SITE_NAME

    @property
    def about(self) -> str:
        """Return one sentence about the publication, for search engines and link previews."""
        return self._text("about")

    @property
    def motto(self) -> str:
        """Return the sentence at the top of the footer."""
        return self._text("motto")

    @property
    def advice_heading(self) -> str:
        """Return the first sentence of the medical disclaimer in the footer, which is shown in bold."""
        return self._text("advice_heading")

    @property
    def advice(self) -> str:
        """Return the rest of the medical disclaimer in the footer."""
        return self._text("advice")

    @property
    def fda_one(self) -> str:
        """Return the disclaimer for one product: the publisher's own, or that of 21 CFR 101.93(c)(1)."""
        return self.own.get("fda_one") or STATEMENTS["fda_one"]

    @property
    def fda_many(self) -> str:
        """Return the disclaimer for several products: the publisher's own, or that of 21 CFR 101.93(c)(2)."""
        return self.own.get("fda_many") or STATEMENTS["fda_many"]

    @property
    def consent(self) -> str:
        """Return the sentence that people agree to when they sign up for the newsletter."""
        return self.own.get("consent") or CONSENT.format(name=self.name)

    @property
    def sender_name(self) -> str:
        """Return the name in the From header of emails: that of the house settings, or that of DEFAULT_FROM_EMAIL.

        If DEFAULT_FROM_EMAIL has only the default name of the site, return the name of the publication instead.
        """
        name, _address = parse_sender(settings.DEFAULT_FROM_EMAIL)
        return self.own.get("sender_name") or (self.name if name == settings.SITE_NAME else name)

    @property
    def sender_address(self) -> str:
        """Return the email address in the From header of emails, without a name."""
        return self.own.get("sender_address") or parse_sender(settings.DEFAULT_FROM_EMAIL)[1]

    @property
    def sender(self) -> str:
        """Return the value of the From header of emails."""
        return f"{phrase(self.sender_name)} <{self.sender_address}>" if self.sender_name else self.sender_address

    @property
    def contact(self) -> str:
        """Return the email address to which readers can write, or "" if the house settings have none."""
        return self.own.get("contact", "")

    @property
    def colours(self) -> dict[str, str]:
        """Return all colours of the house by field name."""
        return {name: self.own.get(name) or default for name, default in COLOUR_FIELDS.items()}

    @property
    def stylesheet(self) -> str:
        """Return the CSS rules that override colours of css/tokens.css, or "" for the default colours."""
        colours = self.colours
        changed = [
            name for name in COLOURS if any(colours[key] != COLOUR_FIELDS[key] for key in (name, f"{name}_dark"))
        ]
        if not changed:
            return ""
        light, dark = (
            " ".join(f"--{name.replace('_', '-')}: {colours[f'{name}{theme}']};" for name in changed)
            for theme in ("", "_dark")
        )
        return f":root {{ {light} }}\n@media (prefers-color-scheme: dark) {{ :root {{ {dark} }} }}\n"

    def value(self, name: str) -> str:
        """Return the value in force of the field `name`: this version's own value, or the default."""
        return self.colours[name] if name in COLOUR_FIELDS else str(getattr(self, name))

    def _text(self, name: str) -> str:
        return self.own.get(name) or gettext(TEXTS[name])


def parse_sender(sender: str) -> tuple[str, str]:
    """Return the name ("" if there is none) and the address of a sender such as “News <news@example.org>”."""
    name, _open, address = sender.rpartition("<")
    return name.strip().strip('"'), address.rstrip("> ").strip()


def phrase(name: str) -> str:
    """Return a name for an email header, quoted if it contains a special character (RFC 5322, 3.2.3)."""
    if _PLAIN_PHRASE.fullmatch(name):
        return name
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
