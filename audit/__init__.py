"""Proof that readers see only what the named scientists approved: integrity checks, sealed log and signed records."""
