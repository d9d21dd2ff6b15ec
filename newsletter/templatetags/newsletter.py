"""The sign-up form for any page. It reads nothing from the request, so that the page can be cached."""

from django import template

from newsletter.consent import current

register = template.Library()


@register.inclusion_tag("newsletter/_sign_up.html")
def newsletter_sign_up() -> dict[str, str]:
    """Return the context of the section with heading and form, for the end of a page."""
    consent, words = current()
    return {"consent": consent, "words": words}


@register.inclusion_tag("newsletter/_form.html")
def newsletter_form(typed: str = "", error: str = "") -> dict[str, str]:
    """Return the context of the form, with what was typed and its error."""
    consent, words = current()
    return {"consent": consent, "words": words, "typed": typed, "error": error}
