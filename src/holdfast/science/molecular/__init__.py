"""Counting and dissolving: digital PCR copies, dissolution similarity."""

METHODS: dict[str, str] = {}
