"""The promise under load and faults, with real processes on databases of their own (README.md)."""
