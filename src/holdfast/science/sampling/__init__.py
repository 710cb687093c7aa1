"""Acceptance sampling plans by attributes and by variables."""

METHODS: dict[str, str] = {}
