"""LEG: checks that claims come with the statements that the law requires."""

import re
from collections.abc import Iterable, Iterator

from django.utils.translation import gettext_noop as _

from checks.preflight.draft import Draft
from checks.preflight.findings import Finding, Level, translated
from checks.preflight.language import is_denied, passage
from checks.preflight.reading import Sentence
from checks.preflight.shop import mentions

# A claim about the structure or function of the body (21 CFR 101.93(f)) in the words that labels use.
_CLAIM = re.compile(
    r"\b(?:support(?:s|ed|ing)?|promot(?:e|es|ed|ing)|maintain(?:s|ed|ing)?|strengthen(?:s|ed|ing)?|boost(?:s|ed|ing)?"
    r"|enhanc(?:e|es|ed|ing)|improv(?:e|es|ed|ing)|sharpen(?:s|ed|ing)?|calm(?:s|ed|ing)?|restor(?:e|es|ed|ing)"
    r"|regulat(?:e|es|ed|ing)|balanc(?:e|es|ed|ing)|increas(?:e|es|ed|ing)|energi[sz](?:e|es|ed|ing)|nourish(?:es|ed"
    r"|ing)?"
    r"|help(?:s|ed|ing)?)\b(?P<between>[^.;:?!]{1,60}?)\b(?:sleep|rest|relax\w*|immun\w+|mood|focus|attention|memory"
    r"|cognit\w+|brain|nerves?|nervous system|heart|muscles?|bones?|joints?|digest\w+|gut|skin|hair|energy|metabolism"
    r"|hormones?|libido|arousal|stamina|strength|recovery|stress|calm|mind|fall asleep|unwind|wind down|circulation"
    r"|vision|eyes?|liver|kidneys?|blood (?:sugar|pressure|flow)|well-?being|wake up)\b",
    re.IGNORECASE,
)
# Words of sentences about the shop or the site, which make no claim about the body.
_ABOUT_US = re.compile(
    r"\b(?:customers?|our work|our team|website|newsletter|this (?:site|page)|funding)\b", re.IGNORECASE
)


def statement_beside_claims(draft: Draft) -> Iterator[Finding]:
    """Yield findings (LEG01) for claims, on a page without the FDA statement, that our supplements affect the body.

    The page shows the statement of 21 CFR 101.93(c) if a supplement is recommended below the article.
    """
    if draft.has_fda_statement:
        return
    supplements = tuple(product for product in draft.lists.products if product.needs_fda_statement)
    named: dict[tuple[str, Sentence], list[re.Match[str]]] = {}
    for name, sentence, found in mentions(draft, supplements):
        named.setdefault((name, sentence), []).append(found)
    for (name, sentence), places in named.items():
        text = _without(sentence.said, places)
        claim = _CLAIM.search(text)
        if not claim or sentence.is_question or is_denied(text, claim.start()) or _ABOUT_US.search(text):
            continue
        if is_denied(text, claim.end(), len(claim["between"]) + 1):
            continue
        yield Finding(
            "LEG01",
            Level.BLOCKER,
            translated(_("This claims an effect of “%(name)s”, and the page has no FDA statement."), name=places[0][0]),
            translated(
                _("Recommend the product below the text, which puts the statement on the page, or take the claim out.")
            ),
            passage(sentence, claim.start()),
            name,
        )


def _without(text: str, places: Iterable[re.Match[str]]) -> str:
    """Return the text with these matches replaced by dots, so that offsets stay the same.

    Matches are in ascending order.
    """
    pieces, end = [], 0
    for place in places:
        pieces += [text[end : place.start()], "·" * len(place[0])]
        end = place.end()
    return "".join([*pieces, text[end:]])


CHECKS = (statement_beside_claims,)
