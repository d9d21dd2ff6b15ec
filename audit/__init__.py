"""Proof of the promise from the rows of the database."""
