"""Signals that let other apps add sections to the public pages. This app does not import those apps."""

from django.dispatch import Signal

# Asks for the sections at the end of the first page of the homepage. Arguments: none. Answer: a list of
# core.page_sections.PageSection.
homepage_sections_wanted = Signal()
