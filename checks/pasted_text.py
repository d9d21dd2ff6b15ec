"""Check a text that is not an article: a pasted text, a text file or a product page."""

from html import escape

from checks import preflight
from checks.preflight import Draft, DraftProduct, Finding, Level, WordLists

# The checks that judge wording. The others ask for the parts of an article, such as a safety note or sources.
OF_WORDING = {"CLM01", "CLM03", "SAF01", "SAF02", "CIT01", "CIT02", "LNG01", "LNG02", "TIM01"}
# The checks of pages in the shop, which cite nothing.
OF_THE_SHOP = {"CLM01", "CLM03", "SAF01"}
_SOMETHING = (DraftProduct(name=""),)  # so that every text counts as one about our products


def text_findings(text: str, lists: WordLists) -> list[Finding]:
    """Return the findings about the wording of a plain text, as if it were on a page of our shop.

    Each line is a paragraph. The most serious findings come first. Nothing is stored.
    """
    body = "".join(f"<p>{escape(line, quote=False)}</p>" for line in text.splitlines() if line.strip())
    found = preflight.run(Draft(body=body, products=_SOMETHING, lists=lists))
    return [finding for finding in found if finding.id in OF_WORDING]


def shop_findings(draft: Draft) -> list[Finding]:
    """Return the findings about claims on a page of the shop, the most serious first."""
    return [finding for finding in preflight.run(draft) if finding.id in OF_THE_SHOP]


def has_blocker(found: list[Finding]) -> bool:
    """Return whether any of the findings would prevent an article from being submitted."""
    return any(finding.level is Level.BLOCKER for finding in found)
