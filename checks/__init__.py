"""Editorial checks, and the word lists that they use."""
