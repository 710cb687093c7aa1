"""Outlier tests: they flag, they never discard."""

METHODS: dict[str, str] = {}
