"""One client, as a process that can be killed: it does one thing and says on standard output what was acknowledged to it.

`python -m tests.faults.worker import|decide|seal NUMBER [FAULT]`: some acts that go well, and then, with FAULT (`place=victim`), one that is killed.
`python -m tests.faults.worker check JOURNAL` compares a journal of everything acknowledged so far with the record and prints what is wrong, one line each.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from holdfast.project.opening import opened

ROWS = 40
#: every so many rounds a decision goes well first: there are only so many batches
DECIDES_FIRST = 20
PASSWORD = "holdfast-demo-2026"
SIGNERS = {"us_disposition": ("quinn.adler@example.com", "rejected"), "eu_certification": ("femke.waterman@example.com", "refused")}


def main(words: list[str]) -> int:
    if words[0] == "check":
        with opened():
            said = check(words[1])
        print("\n".join(said))
        return 1 if said else 0
    with opened():
        go_well(words[1])
        os.environ["HOLDFAST_FAILPOINT"] = words[2] if len(words) > 2 else ""
        {"import": bring_in, "decide": decide, "seal": seal}[words[0]](words[1])
    return 0


def go_well(number: str) -> None:
    """What is acknowledged before the fault, and must be there after it."""
    bring_in(f"{number}before")
    seal(f"{number}before")
    if int(number) % DECIDES_FIRST == 0:
        decide(number)


def acknowledge(**what: Any) -> None:
    print(json.dumps(what), flush=True)


def bring_in(number: str) -> None:
    """Import a folder that adds forty organisations, all or nothing."""
    from holdfast.exchange.programme.loading import load_folder
    from holdfast.ledger.changes import Actor

    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        (folder / "programme.yaml").write_text("number: FHT-201\nname: fernicel, autologous CAR-T (fictional demonstration)\nis_fictional: true\n")
        rows = [f"FAULT-{number}-{n},Fictional {n},supplier,US" for n in range(ROWS)]
        (folder / "organisations.csv").write_text("\n".join(["number,name,kind,country", *rows]) + "\n")
        report = load_folder(folder, Actor.operator("fault"), reason=f"fault round {number}")
    if not report.wrote or report.problems:
        raise SystemExit(f"the import did not write: {report.problems}")
    acknowledge(imported=number)


def decide(_number: str) -> None:
    """Sign the next decision that nobody has taken."""
    from holdfast.batch.models import Lot
    from holdfast.ledger.access import Viewer, viewing
    from holdfast.people.models import Account
    from holdfast.release.actions import decide as take
    from holdfast.release.models import Decision

    with viewing(Viewer.operator()):
        taken = set(Decision.objects.values_list("lot_id", "question"))
        lots = list(Lot.objects.filter(lot_kind="drug_product").select_related("record", "programme").order_by("record__number"))
        lot, question = next((lot, question) for question in SIGNERS for lot in lots if (lot.pk, question) not in taken)
        email, outcome = SIGNERS[question]
        account = Account.objects.select_related("person__organisation").get(email=email)
    decision = take(account, PASSWORD, lot, question, outcome)
    with viewing(Viewer.operator()):
        acknowledge(decision=decision.record.number)


def seal(number: str) -> None:
    """Write something, seal it, and be given a signed checkpoint."""
    from django.conf import settings

    from holdfast.ledger.changes import Actor, change_set
    from holdfast.ledger.seals import issue_checkpoint

    with change_set(Actor.operator("fault"), action="nothing", reason=f"fault round {number}"):
        pass
    acknowledge(checkpoint=issue_checkpoint(Path(settings.HOLDFAST_KEYS)).text)


def check(journal: str) -> list[str]:
    """Nothing acknowledged is lost, nothing is half there, and the ledger holds against every checkpoint that was acknowledged."""
    from holdfast.ledger.access import Viewer, viewing

    said = [json.loads(line) for line in Path(journal).read_text().splitlines()]
    with viewing(Viewer.operator()):
        wrong = _imports({s["imported"] for s in said if "imported" in s}) + _decisions({s["decision"] for s in said if "decision" in s})
    return wrong + _ledger([s["checkpoint"] for s in said if "checkpoint" in s])


def _imports(acknowledged: set[str]) -> list[str]:
    from collections import Counter

    from holdfast.people.models import Organisation

    counts = Counter(number.split("-")[1] for number in Organisation.objects.filter(number__startswith="FAULT-").values_list("number", flat=True))
    lost = [f"import {number} was acknowledged and is not there" for number in acknowledged if number not in counts]
    return lost + [f"import {number} is half there: {count} of {ROWS} rows" for number, count in counts.items() if count != ROWS]


def _decisions(acknowledged: set[str]) -> list[str]:
    from holdfast.ledger.models import Record
    from holdfast.release.models import Decision, DossierDocument

    kept = {d.record.number: d for d in Decision.objects.select_related("record", "signature", "dossier__verdict")}
    wrong = [f"decision {number} was acknowledged and is not there" for number in acknowledged if number not in kept]
    wrong += [
        f"decision {n} is half there" for n, d in kept.items() if not d.record.signed_digest or d.signature.record_id != d.pk or not d.dossier.verdict.content
    ]
    headers = set(Record.objects.filter(kind="decision").values_list("number", flat=True))
    wrong += [f"header {number} has no decision" for number in headers - set(kept)]
    loose = DossierDocument.objects.filter(decision__isnull=True).count()
    return wrong + ([f"{loose} dossiers belong to no decision"] if loose else [])


def _ledger(checkpoints: list[str]) -> list[str]:
    from django.conf import settings

    from holdfast.dossier.package import public_keys
    from holdfast.kernel.checkpoint import read_checkpoint
    from holdfast.ledger.seals import pending, seal
    from holdfast.ledger.verification import verify_ledger

    seal()
    latest = read_checkpoint(checkpoints[-1]) if checkpoints else None
    report = verify_ledger(latest, public_keys(Path(settings.HOLDFAST_KEYS)))
    return [str(finding) for finding in report.findings] + ([f"{pending()} change sets wait though nothing runs"] if pending() else [])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
