"""What a programme must have in place now, at its next milestone, and later."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Path, Query, Router

from holdfast.kernel.clock import today
from holdfast.programme.models import Product
from holdfast.release.phase import phase_of, phase_values

from .access import found
from .routes import reads
from .schema.base import Key
from .schema.phase import PhaseAsked, PhaseShown, RegionAsked

router = Router()


@router.get("/products/{key}/phase/{region}", response=reads(PhaseShown))
def show_phase(request: HttpRequest, key: Path[Key], region: Path[RegionAsked], asked: Query[PhaseAsked]) -> Any:
    """Every rule of the product's phase with its answer on record, what the next milestone asks beyond it, and what may wait; evidence you may not see
    still counts."""
    product = found(Product.objects.select_related("record", "programme"), pk=key, record__voided_at__isnull=True)
    return phase_values(phase_of(product, region, asked.on or today(), asked.at, asked.next))
