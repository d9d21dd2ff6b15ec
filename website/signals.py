"""Signals by which higher apps add to the public pages."""

from django.dispatch import Signal

# Question: which sections does the first page of the homepage end with? Arguments: none. Answer: a list of
# core.page_sections.PageSection.
homepage_sections_wanted = Signal()
