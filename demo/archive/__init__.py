"""A large archive for measuring: whole histories, written in bulk (`manage.py make_archive`).

The demonstration goes through the workflow's verbs; a hundred thousand histories cannot. Here the rows of each are
written as the verbs would have left them, in an order that every guard of the database accepts while it stands, and
`check_integrity` proves them like any others.
"""
