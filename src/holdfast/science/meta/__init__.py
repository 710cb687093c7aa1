"""Estimates from several sites or studies combined."""

METHODS: dict[str, str] = {}
