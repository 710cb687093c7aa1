"""Holdfast: one connected CMC record, turned into decisions that hold up."""

__version__ = "0.1.0"
