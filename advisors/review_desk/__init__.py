"""The review desk at /board/: open reviews, the review page, the verdict, the yearly disclosure.

Its views contain no rules: `access` determines who acts on which review, and `advisors.reviews`, `advisors.threads` and
`advisors.disclosures` check and perform the actions.
"""
