"""The sign-up form for any page. It reads nothing from the request, so that the page can be cached."""

from django import template

from newsletter.consent import CURRENT, WORDS

register = template.Library()


@register.inclusion_tag("newsletter/_sign_up.html")
def newsletter_sign_up() -> dict[str, str]:
    """Return the context of the section with heading and form, for the end of a page."""
    return {"consent": CURRENT, "words": WORDS[CURRENT]}


@register.inclusion_tag("newsletter/_form.html")
def newsletter_form(typed: str = "", error: str = "") -> dict[str, str]:
    """Return the context of the form, with what was typed and its error."""
    return {"consent": CURRENT, "words": WORDS[CURRENT], "typed": typed, "error": error}
