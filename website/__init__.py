"""The public website: pages, lists, search, feeds, sitemaps, structured data, and readers' error reports."""
