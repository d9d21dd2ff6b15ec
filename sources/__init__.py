"""The source library: what articles cite, how it comes in and goes out, and what is known of it since."""
