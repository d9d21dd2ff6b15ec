"""The sign-up form for any page. Reads nothing of the request, so the page stays the same for everyone."""

from django import template

from newsletter.consent import CURRENT, WORDS

register = template.Library()


@register.inclusion_tag("newsletter/_sign_up.html")
def newsletter_sign_up() -> dict[str, str]:
    """The section with its heading, for the end of a page."""
    return {"consent": CURRENT, "words": WORDS[CURRENT]}


@register.inclusion_tag("newsletter/_form.html")
def newsletter_form(typed: str = "", error: str = "") -> dict[str, str]:
    """The form alone, with what was typed and what was wrong with it."""
    return {"consent": CURRENT, "words": WORDS[CURRENT], "typed": typed, "error": error}
