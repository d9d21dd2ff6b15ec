"""Rules that database triggers enforce, and models that refuse to change."""
