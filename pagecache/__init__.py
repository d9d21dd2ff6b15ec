"""A cache of public pages in the memory of each worker, in front of Django (docs/explanation/page-cache.md)."""
