"""Measurements of the whole site. Run `make bench`, or see `python -m bench --help`. See README.md."""
