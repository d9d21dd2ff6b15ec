"""The default values of the house settings.

Texts that readers see are translated when they are shown. The statements that the law prescribes and the consent are
not translated, because a translation would be another statement.
"""

from django.utils.translation import gettext_noop as _

# The disclaimer of 21 CFR 101.93(c), word for word, for one statement (1) and for several (2).
FDA_ONE = (
    "This statement has not been evaluated by the Food and Drug Administration. This product is not intended to "
    "diagnose, treat, cure, or prevent any disease."
)
FDA_MANY = (
    "These statements have not been evaluated by the Food and Drug Administration. These products are not intended to "
    "diagnose, treat, cure, or prevent any disease."
)

# What subscribers of the newsletter agree to; {name} is the name of the publication.
CONSENT = (
    "Yes, please send me the newsletter of {name} by e-mail: news of its products, invitations to "
    "events, and ideas for mind and body. My address is kept for this alone and given to nobody else. I can leave "
    "at any time with one click, in every letter."
)

TEXTS = {
    "about": _("Health articles that name their sources, and the scientists who approved them."),
    "motto": _("Health writing, read by scientists before it is read by you."),
    "advice_heading": _("This is information, not medical advice."),
    "advice": _(
        "What you read here cannot take the place of a doctor, a pharmacist or another professional who knows you. "
        "Ask one of them before you start, change or stop a treatment or a supplement, and do not wait to seek help "
        "because of something that you have read here."
    ),
}

STATEMENTS = {"fda_one": FDA_ONE, "fda_many": FDA_MANY}

# The colours of static/css/tokens.css that the house settings can replace: CSS property -> light, dark.
COLOURS = {
    "accent": ("#0d5c53", "#86d0c1"),
    "accent_strong": ("#083f39", "#b6e8de"),
    "deep": ("#0f302b", "#0b1412"),
}
COLOUR_FIELDS = {
    **{name: light for name, (light, _dark) in COLOURS.items()},
    **{f"{name}_dark": dark for name, (_light, dark) in COLOURS.items()},
}
