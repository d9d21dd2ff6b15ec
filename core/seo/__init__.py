"""What a page says to search engines and to sites that link to it."""
