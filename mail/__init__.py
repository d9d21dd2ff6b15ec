"""Emails: the outbox, the functions that queue and send, and whether they are delivered."""
