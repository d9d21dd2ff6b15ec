"""Building blocks that depend on no other app: HTML, fields, triggers, HTTP, paging and outgoing requests."""
