"""Signals that let higher-level apps add sections to the pages of products."""

from django.dispatch import Signal

# Question: which sections does a product's page have at its end? Arguments: product. Answer: a list of
# core.page_sections.PageSection.
product_sections_wanted = Signal()
