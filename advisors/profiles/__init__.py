"""Profiles of advisors: what they edit themselves, what others change, and how that differs from what was signed."""
