"""Shorthand for the demonstration's people and batches in tests of decisions."""

from __future__ import annotations

from typing import Any

from holdfast.ledger.access import Viewer, viewing
from holdfast.people.models import Account
from holdfast.release.actions import decide
from holdfast.release.models import Decision

PASSWORD = "holdfast-demo-2026"
QUINN, ROWAN, FEMKE, JORIS = "quinn.adler@example.com", "rowan.pike@example.com", "femke.waterman@example.com", "joris.blom@example.com"
MARA = "mara.voss@example.com"
DANA, SAM, NIA, HANA = "dana.whitlock@example.com", "sam.keller@example.com", "nia.brooks@example.com", "hana.sato@example.com"


def account(email: str) -> Any:
    with viewing(Viewer.operator()):
        return Account.objects.select_related("person__organisation").get(email=email)


def lot(number: str) -> Any:
    from holdfast.batch.models import Lot

    with viewing(Viewer.operator()):
        return Lot.objects.select_related("record", "programme", "product__record").get(record__number=number)


def take(email: str, number: str, question: str, outcome: str, **more: Any) -> Decision:
    return decide(account(email), more.pop("password", PASSWORD), lot(number), question, outcome, **more)


def decisions_on(number: str) -> list[tuple[str, str]]:
    with viewing(Viewer.operator()):
        return list(Decision.objects.filter(lot__record__number=number).order_by("pk").values_list("question", "outcome"))
