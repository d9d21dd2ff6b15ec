"""Building blocks that know nothing of articles: HTML, fields, triggers, HTTP, paging, outgoing requests."""
