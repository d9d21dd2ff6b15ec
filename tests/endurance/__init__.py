"""The promise under load and faults: real processes on databases of their own (README.md)."""
