"""Programmes: those that the person sees."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Path, Query, Router

from holdfast.ledger.models import Programme

from .access import programme_of
from .paging import page_of
from .routes import reads
from .schema.base import Given, Page, Paging
from .schema.programme import ProgrammeShown

router = Router()


@router.get("/programmes", response=reads(Page[ProgrammeShown]))
def list_programmes(request: HttpRequest, asked: Query[Paging]) -> Any:
    """Programmes that you see."""
    return page_of(Programme.objects.all(), asked, lambda row: row)


@router.get("/programmes/{number}", response=reads(ProgrammeShown))
def show_programme(request: HttpRequest, number: Path[Given]) -> Any:
    """One programme."""
    return programme_of(number)
