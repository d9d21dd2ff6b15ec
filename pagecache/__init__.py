"""A cache for public pages, in front of the site's views."""
