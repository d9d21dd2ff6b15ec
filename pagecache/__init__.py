"""Public pages in the memory of each worker, ahead of Django; docs/explanation/page-cache.md says how it works."""
