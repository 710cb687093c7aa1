"""What dossiers of one gathering share is made and written once, and comes to the same as when each is made by itself."""

from __future__ import annotations

import pytest

from holdfast.batch.models import Lot
from holdfast.dossier.canonical import dossier_json, evidence_digest, gathered_digest
from holdfast.kernel.clock import today
from holdfast.ledger.access import Viewer, viewing
from holdfast.ledger.models import Programme
from holdfast.release.dossiers.build import document_of, dossiers_from, written_of
from holdfast.release.dossiers.gather import gather
from holdfast.release.questions import DESTINATIONS, REGION_OF


@pytest.mark.req("3.6")
def test_shared_parts_give_the_same_document_and_the_same_digest(demo: str) -> None:
    with viewing(Viewer.operator()):
        programme = Programme.objects.get()
        lots = list(Lot.objects.filter(lot_kind="drug_product").values_list("pk", flat=True))
    with viewing(Viewer.evaluator(programme.pk)):
        found = gather(programme.pk, lots)
        for region, question in DESTINATIONS.items():
            dossiers = dossiers_from(found, programme, lots, question, REGION_OF[question], today())
            assert len(dossiers) == len(lots) > 20, region
            for lot, dossier in dossiers.items():
                document = document_of(found, dossier, lot)
                assert document == dossier_json(dossier)
                assert gathered_digest(document, written_of(found, document, lot)) == evidence_digest(dossier_json(dossier))
