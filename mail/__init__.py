"""Emails: the functions that queue and send them, the outbox, and the pages that show their state."""
