"""The board's desk at /board/: what waits, the review page, the verdict, the yearly disclosure.

Its views decide nothing: they ask `access` who acts on which review, and say it through `advisors.reviews`,
`advisors.threads` and `advisors.disclosures`.
"""
