"""Checks of the rows in the database that prove that readers see only what named scientists approved."""
