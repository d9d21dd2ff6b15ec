"""Checks that nothing was left behind by drafting: citations that are only typed, placeholders, links to nowhere."""

from checks.preflight.leftovers import links, placeholders, typed_citations

CHECKS = (*typed_citations.CHECKS, *placeholders.CHECKS, *links.CHECKS)
