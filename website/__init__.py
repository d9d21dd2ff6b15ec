"""The public website: pages, lists, search, feeds, sitemaps, structured data, and error reports from readers."""
