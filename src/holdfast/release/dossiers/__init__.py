"""Gather everything one decision rests on, for many lots at once, in a constant number of queries."""

from .build import build_dossiers

__all__ = ["build_dossiers"]
