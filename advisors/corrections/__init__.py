"""Correcting the account behind a name after something was signed or written under it; two people are needed."""
