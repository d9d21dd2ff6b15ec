"""Rules that the database itself keeps, and models that refuse to change."""
