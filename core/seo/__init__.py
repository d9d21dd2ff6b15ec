"""Metadata for search engines and for sites that link to a page: JSON-LD, Open Graph and the sitemap."""
