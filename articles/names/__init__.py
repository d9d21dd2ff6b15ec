"""The names that people sign under: commitments to them, their changes, and the database rules for both."""
