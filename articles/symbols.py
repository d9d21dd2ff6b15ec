"""The characters that the editor offers because few keyboards have them."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# For each group its heading, and for each character its name and, if it cannot be seen, what its button shows.
_GROUPS: "tuple[tuple[StrOrPromise, tuple[tuple[str, StrOrPromise, StrOrPromise], ...]], ...]" = (
    (
        _("Units and measures"),
        (
            ("µ", _("micro"), ""),
            ("°", _("degree"), ""),
            ("′", _("prime: minute, foot"), ""),
            ("″", _("double prime: second, inch"), ""),
            ("‰", _("per mille"), ""),
            ("½", _("one half"), ""),
            ("⅓", _("one third"), ""),
            ("¼", _("one quarter"), ""),
            ("¾", _("three quarters"), ""),
        ),
    ),
    (
        _("Comparing and calculating"),
        (
            ("≥", _("at least"), ""),
            ("≤", _("at most"), ""),
            ("≠", _("not equal"), ""),
            ("≈", _("about equal"), ""),
            ("±", _("plus or minus"), ""),
            ("−", _("minus"), ""),
            ("×", _("times"), ""),
            ("÷", _("divided by"), ""),
            ("∞", _("infinity"), ""),
            ("→", _("arrow to the right"), ""),
        ),
    ),
    (
        _("Greek"),
        (
            ("α", _("alpha"), ""),
            ("β", _("beta"), ""),
            ("γ", _("gamma"), ""),
            ("δ", _("delta"), ""),
            ("Δ", _("capital delta"), ""),
            ("κ", _("kappa"), ""),
            ("λ", _("lambda"), ""),
            ("μ", _("mu"), ""),
            ("π", _("pi"), ""),
            ("σ", _("sigma"), ""),
            ("χ", _("chi"), ""),
            ("ω", _("omega"), ""),
        ),
    ),
    (
        _("Dashes, quotation marks and spaces"),
        (
            ("–", _("en dash: ranges"), ""),
            ("—", _("em dash"), ""),
            ("…", _("ellipsis"), ""),
            ("‘", _("left single quotation mark"), ""),
            ("’", _("right single quotation mark, apostrophe"), ""),
            ("“", _("left double quotation mark"), ""),
            ("”", _("right double quotation mark"), ""),
            ("\u00a0", _("non-breaking space: a number stays with its unit"), _("space")),
            ("\u202f", _("narrow non-breaking space"), _("narrow")),
            ("\u2011", _("non-breaking hyphen"), "‑"),
        ),
    ),
)


def symbols() -> "list[tuple[StrOrPromise, list[tuple[str, StrOrPromise, StrOrPromise]]]]":
    """Return for each group its heading and its characters: the character, its name, and what its button shows."""
    return [
        (heading, [(character, name, shown or character) for character, name, shown in characters])
        for heading, characters in _GROUPS
    ]
