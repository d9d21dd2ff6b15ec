"""Measurements of the whole site, side by side: `make bench`, or `python -m bench --help`. See README.md."""
