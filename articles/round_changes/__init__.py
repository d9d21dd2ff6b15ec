"""Changes to an open round that leave its article at its stage: due date, terms, and a verdict taken back."""
