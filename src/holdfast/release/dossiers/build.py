"""Build dossiers: for each lot, everything one decision on it rests on, on a day, as the evaluator sees it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from functools import partial
from typing import Any

from holdfast.dossier.canonical import NOT_EVIDENCE, plainly
from holdfast.dossier.schema import DecisionContext, Dossier, Scope
from holdfast.kernel.clock import now
from holdfast.ledger.access import Viewer, viewing
from holdfast.ledger.models import Programme
from holdfast.standards.completeness import list_counts

from . import other_parts as parts
from .batch_part import batch_part
from .gather import Gathered, gather
from .laboratory_part import specification_part
from .site_part import supply_chain_part

EVALUATOR = "Holdfast evaluator"


def build_dossiers(programme: Programme, lots: Collection[int], question: str, region: str, on: date, signer: Any | None = None) -> dict[int, Dossier]:
    """Dossiers by lot, for one question asked in one region as of a day.

    Built under the evaluator's identity with the whole programme in scope, so that what a viewer may not see never becomes a pass. The number of
    queries does not depend on the number of lots.
    """
    with viewing(Viewer.evaluator(programme.pk)):
        return dossiers_from(gather(programme.pk, lots), programme, lots, question, region, on, signer)


def dossiers_from(
    found: Gathered, programme: Programme, lots: Collection[int], question: str, region: str, on: date, signer: Any | None = None
) -> dict[int, Dossier]:
    """Dossiers by lot from rows that were gathered as the evaluator: several questions can be asked of one gathering."""
    return {key: _dossier(found, programme, found.lots[key], question, region, on, signer) for key in lots if key in found.lots}


def _dossier(found: Gathered, programme: Programme, lot: Any, question: str, region: str, on: date, signer: Any | None) -> Dossier:
    registration = found.registrations.get((lot.pk, region))
    product = lot.product
    phase = parts.phase_on(found, product, region, on) if product else None
    at_manufacture = parts.content_on(found, registration, lot.manufactured_on)
    dossier = Dossier(
        decision=DecisionContext(question=question, region=region, phase=phase.phase if phase else None, route=phase.route if phase else None, date=on),
        scope=Scope(programme=programme.number, evaluator=EVALUATOR, built_at=now()),
        product=found.once("product", product.pk, lambda: parts.product_part(product)) if product else None,
        registration=parts.registration_part(found, registration, at_manufacture, parts.content_on(found, registration, on)) if registration else None,
        product_specification_file=parts.file_part(found, product, on) if product else None,
        shelf_lives=found.once("shelf lives", product.pk, lambda: parts.shelf_life_parts(found, product)) if product else [],
        batch=found.once("batch", lot.pk, lambda: batch_part(found, lot)),
        supply_chain=supply_chain_part(found, lot, registration, at_manufacture),
        specification=specification_part(found, lot, region, at_manufacture),
        reserve_samples=parts.reserve_parts(found, lot),
        deviations=found.once("deviations", lot.pk, lambda: parts.deviation_parts(found, lot)),
        out_of_specifications=parts.oos_parts(found, lot),
        changes=parts.change_parts(found, lot, region),
        statements=found.once("statements", lot.pk, lambda: parts.statement_parts(found, lot)),
        signer=parts.signer_part(found, signer, lot) if signer is not None else None,
        prior_decisions=parts.prior_parts(found, lot),
    )
    return dossier.model_copy(update={"scope": dossier.scope.model_copy(update={"counts": _counts(found, dossier, lot.pk)})})


#: parts that a lot's dossiers share, whatever is asked and where
SHARED = ("batch", "deviations", "statements")


def _counts(found: Gathered, dossier: Dossier, lot: int) -> dict[str, int]:
    """How many rows each list of evidence had when it was gathered: what judging holds it against."""
    counts: dict[str, int] = {}
    for name in type(dossier).model_fields:
        if name not in NOT_EVIDENCE and name != "scope":
            part = getattr(dossier, name)
            counts |= found.once(f"counts of {name}", lot, partial(list_counts, {name: part})) if name in SHARED else list_counts({name: part})
    return counts


def document_of(found: Gathered, dossier: Dossier, lot: int) -> dict[str, Any]:
    """A dossier as JSON values (`dossier_json`), with what dossiers share made once. Nobody may change it."""
    shared = {name: found.once(f"values of {name}", lot, partial(_values, getattr(dossier, name))) for name in SHARED if name != "statements"}
    stated: list[Any] = dossier.statements  # each read from a record of its own
    shared["statements"] = [found.once("values of statement", one.record.id, partial(_values, one)) for one in stated]
    return {**dossier.model_dump(mode="json", exclude=set(SHARED)), **shared}


def written_of(found: Gathered, document: dict[str, Any], lot: int) -> dict[str, str]:
    """The canonical text of the parts of a document (of `document_of`) that a lot's dossiers share: most of what its digest is computed from."""
    written = {name: found.once(f"text of {name}", lot, partial(plainly, document[name])) for name in SHARED if name != "statements"}
    statements = [found.once("text of statement", one["record"]["id"], partial(plainly, one)) for one in document["statements"]]
    return {**written, "statements": f"[{','.join(statements)}]"}


def _values(part: Any) -> Any:
    return [one.model_dump(mode="json") for one in part] if isinstance(part, list) else None if part is None else part.model_dump(mode="json")
