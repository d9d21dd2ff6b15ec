"""HTTP requests to other hosts: to public addresses only, with a deadline and with pauses between requests."""
