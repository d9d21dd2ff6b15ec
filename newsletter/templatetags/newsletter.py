"""Template tags for the sign-up form. They read nothing from the request, so any cached page can contain the form."""

from django import template

from newsletter.consent import current

register = template.Library()


@register.inclusion_tag("newsletter/_sign_up.html")
def newsletter_sign_up() -> dict[str, str]:
    """Return the context of the section with the sign-up form, which is placed at the end of a page."""
    consent, words = current()
    return {"consent": consent, "words": words}


@register.inclusion_tag("newsletter/_form.html")
def newsletter_form(typed: str = "", error: str = "") -> dict[str, str]:
    """Return the context of the form alone. `typed` is the typed address, and `error` a message about it."""
    consent, words = current()
    return {"consent": consent, "words": words, "typed": typed, "error": error}
