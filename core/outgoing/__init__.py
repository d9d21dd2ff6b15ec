"""Requests to other hosts: to public addresses only, within a deadline, politely."""
