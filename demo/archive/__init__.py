"""A large archive for measurements: complete histories, written in bulk (`manage.py make_archive`).

The demonstration uses the functions of the workflow, which would be too slow for a hundred thousand articles. Here the
same rows are written directly, in an order that all database triggers accept. `check_integrity` verifies them like any
other rows.
"""
