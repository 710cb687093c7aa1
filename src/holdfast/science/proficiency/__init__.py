"""Laboratories against each other (ISO 13528): robust assigned values, scores, homogeneity and stability of the material."""

METHODS: dict[str, str] = {}
