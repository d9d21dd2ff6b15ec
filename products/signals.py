"""Signals by which higher apps add to the pages of products."""

from django.dispatch import Signal

# Question: which sections does the page of a product end with? Arguments: product. Answer: a list of
# core.page_sections.PageSection.
product_sections_wanted = Signal()
