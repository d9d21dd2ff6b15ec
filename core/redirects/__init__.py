"""The table of redirects: addresses that were public or that editors add, with the address to which each one leads."""
