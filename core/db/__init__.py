"""Rules that are enforced by database triggers, and base classes for models whose rows cannot be changed or deleted."""
