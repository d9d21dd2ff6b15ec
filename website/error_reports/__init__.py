"""What readers report as wrong: the form, the passage meant, the answers, the emails."""
