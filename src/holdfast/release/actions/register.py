"""The register of certified batches: one line a certification, numbered without gaps for each MIA(IMP)."""

from __future__ import annotations

from django.db.models import Max

from holdfast.kernel.clock import today
from holdfast.kernel.errors import Refused
from holdfast.ledger.changes import OpenChangeSet
from holdfast.ledger.models import Record
from holdfast.people.policy import holding
from holdfast.programme.models import NamedQualifiedPerson

from ..models import Decision, RegisterEntry


def enter_in_register(change_set: OpenChangeSet, decision: Decision) -> RegisterEntry:
    """Enter a certification under the importer's MIA(IMP) on which its QP is named today (Regulation (EU) No 536/2014, Articles 61 and 62)."""
    naming = (
        NamedQualifiedPerson.objects.filter(
            holding(today()), person=decision.signer, programme=decision.programme, authorisation__authorisation_kind="MIA(IMP)"
        )
        .select_related("authorisation__record")
        .first()
    )
    if naming is None:
        raise Refused(f"{decision.signer.printed_name} is not named as QP on an MIA(IMP) today, so the batch cannot be entered in a register.")
    list(Record.objects.select_for_update().filter(pk=naming.authorisation_id))  # one line at a time: no gaps, no doubles
    last = RegisterEntry.objects.filter(authorisation=naming.authorisation).aggregate(last=Max("line"))["last"] or 0
    entry = RegisterEntry(programme=decision.programme, authorisation=naming.authorisation, line=last + 1, decision=decision, entered_at=decision.decided_at)
    entry.save(force_insert=True)
    return entry
