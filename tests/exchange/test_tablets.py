"""700 real production batches through the shipped mapping: nothing dropped, totals as in the raw files."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from decimal import Decimal, InvalidOperation
from pathlib import Path

import pytest
from django.db.models import Count, Sum

from holdfast.batch.models import Lot, LotUse, ProcessValue, Result
from holdfast.exchange.mapping.loading import load_mapped
from holdfast.ledger.access import Viewer, viewing
from holdfast.ledger.changes import Actor
from holdfast.project.home import example

pytestmark = [pytest.mark.req("2.7")]


def raw_rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def totals(rows: list[dict[str, str]]) -> dict[str, tuple[int, Decimal]]:
    """Count and sum of the cells of each column that are numbers."""
    found: dict[str, tuple[int, Decimal]] = defaultdict(lambda: (0, Decimal(0)))
    for row in rows:
        for name, text in row.items():
            try:
                value = Decimal(text.strip())
            except InvalidOperation:
                continue
            count, total = found[name]
            found[name] = (count + 1, total + value)
    return found


def test_all_700_batches_import_with_every_cell_accounted_and_totals_as_in_the_raw_files(own_database: str, shared_data: Path) -> None:
    folder = shared_data / "tablets"
    report = load_mapped(folder, example("mappings") / "tablets" / "mapping.yaml", Actor.operator("operator"), reason="published data")
    laboratory, process = raw_rows(folder / "Laboratory.csv"), raw_rows(folder / "Process.csv")
    assert report.problems == []
    cells = report.as_dict()["cells"]
    assert cells["read"] == sum(len(row) for row in laboratory + process + raw_rows(folder / "Normalization.csv")) == 63_075
    assert cells["read"] == cells["written"] + cells["ignored"]
    assert all(count.reasons.total() == count.states["ignored"] for count in report.columns.values())
    with viewing(Viewer.operator()):
        assert Lot.objects.filter(lot_kind="drug_product").count() == 700
        stored = {code: (n, s) for code, n, s in Result.objects.values_list("attribute__code").annotate(n=Count("id"), s=Sum("value"))}
        values = {
            name: (n, s) for name, n, s in ProcessValue.objects.filter(value__isnull=False).values_list("parameter").annotate(n=Count("id"), s=Sum("value"))
        }
        uses = Counter(LotUse.objects.values_list("parent__record__number", flat=True))
        months = set(Lot.objects.filter(record__number="TAB-0001").values_list("manufactured_month", flat=True))
    raw = totals(laboratory)
    for code, found in stored.items():
        assert found == raw[code], code
    assert set(stored) >= {"dissolution_av", "api_water", "tbl_max_weight", "resodual_solvent"}
    raw_process = totals(process)
    for name in ("tbl_speed_mean", "main_CompForce mean", "ejection_max", "total_waste"):
        assert values[name] == raw_process[name], name
    assert months == {"2018-11"}
    assert uses == Counter(
        number
        for row in laboratory
        for number in (
            f"API-{row['api_code']}-{row['api_batch']}",
            f"SMCC-{row['smcc_batch']}",
            f"LACTOSE-{row['lactose_batch']}",
            f"STARCH-{row['starch_batch']}",
        )
    )
