"""Measurements of the whole site: `make bench`, or `python -m bench --help`. See README.md."""
