"""Signals by which higher-level apps add to product pages and remark on product texts."""

from django.dispatch import Signal

# Question: which sections does a product's page have at its end? Arguments: product. Answer: a list of
# core.page_sections.PageSection.
product_sections_wanted = Signal()

# Question: what is wrong with the words on this product's page? Asked when a product is saved in the admin, which shows
# the answers. Arguments: product. Answer: a list of pairs of a level of django.contrib.messages and a sentence.
product_remarks_wanted = Signal()
