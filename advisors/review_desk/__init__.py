"""The review desk at /board/: open reviews, the review page, the verdict, the yearly disclosure.

Its views decide nothing: `access` says who acts on which review, and `advisors.reviews`, `advisors.threads` and
`advisors.disclosures` do the rest.
"""
