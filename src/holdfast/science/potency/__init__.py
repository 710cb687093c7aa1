"""Relative potency of biological assays: parallel lines, slope ratio, sigmoid curves, combination of assays."""

METHODS: dict[str, str] = {}
