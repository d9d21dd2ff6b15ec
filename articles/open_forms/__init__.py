"""The state of a form while it is open: who has it open, and what they have typed and not saved yet."""
