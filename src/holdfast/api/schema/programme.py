"""Programmes over the wire."""

from __future__ import annotations

from ninja import Schema


class ProgrammeShown(Schema):
    number: str
    name: str
    is_fictional: bool
