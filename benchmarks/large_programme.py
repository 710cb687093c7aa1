"""A large fictional programme: the demonstration's batches again and again, as programme folders for the same import as anybody's.

Every campaign repeats the demonstration's batches with everything recorded of them (steps, samples, runs, labels, custody, statements) under
numbers of its own; what the sponsor keeps once (sites, people, procedures, applications) stays as it is. A panel of further attributes brings
results to any number. Nothing is random: the same sizes give the same files.

Run: `python -m benchmarks.large_programme FOLDER [BATCHES [RESULTS_A_BATCH]]` to write the folders; `load(...)` writes and imports them.
"""

from __future__ import annotations

import csv
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

TEMPLATE = Path(__file__).resolve().parents[1] / "examples" / "car-t"
#: sheets whose rows belong to batches; rows of theirs that name nothing of a batch (a lot of a reagent) are kept once
OF_A_BATCH = (
    "batch_records", "batch_steps", "change_lots", "completeness_statements", "deviation_lots", "deviations", "donor_eligibilities", "identity_checks",
    "label_statements", "labels", "lot_destinations", "lot_statuses", "lot_uses", "lots", "out_of_specifications", "record_reviews", "reserve_samples",
    "results", "samples", "shipment_lots", "shipments", "site_activities", "site_releases", "test_runs",
)  # fmt: skip
RENAMED = ("number", "identity", "patient", "donor")
BATCHES_A_CAMPAIGN = 24
CAMPAIGNS_A_FOLDER = 42  # about a thousand batches
RESULTS_WITHOUT_PANEL = 10  # about as many as the demonstration's batches have
Row = dict[str, str]


def load(folder: Path, batches: int, results_a_batch: int = RESULTS_WITHOUT_PANEL, announce: Callable[[str], None] = lambda said: None) -> None:
    """Write the programme and import it, folder by folder, each in its own change set. Raises `RuntimeError` when the import finds a problem."""
    from holdfast.exchange.programme.loading import load_folder
    from holdfast.ledger.changes import Actor

    for part in write(folder, batches, results_a_batch):
        report = load_folder(part, Actor.operator("benchmark"), reason="a large fictional programme")
        if report.problems:
            raise RuntimeError(f"{part.name}: {report.problems[0]}")
        announce(f"{part.name}: {report.rows['written']} rows")
        shutil.rmtree(part)


def write(folder: Path, batches: int, results_a_batch: int = RESULTS_WITHOUT_PANEL) -> Iterator[Path]:
    """Write the programme as folders to be imported one after the other: at least so many batches, in whole campaigns."""
    template = {name: _read(name) for name in OF_A_BATCH}
    own = _own(template)
    panel = [f"panel_{n + 1:03}" for n in range(max(0, results_a_batch - RESULTS_WITHOUT_PANEL))]
    campaigns = range(1, 1 - (-batches // BATCHES_A_CAMPAIGN))
    for start in range(0, len(campaigns), CAMPAIGNS_A_FOLDER):
        part = folder / f"part-{start // CAMPAIGNS_A_FOLDER:03}"
        part.mkdir(parents=True)
        shutil.copy(TEMPLATE / "programme.yaml", part)
        if start == 0:
            _write_what_is_kept_once(part, panel)
        for sheet, rows in template.items():
            made = _repeated(sheet, rows, own, campaigns[start : start + CAMPAIGNS_A_FOLDER], panel)
            _write(part / f"{sheet}.csv", list(rows[0]), [*_shared(rows, own), *made] if start == 0 else made)
        yield part


def _read(sheet: str) -> list[Row]:
    with (TEMPLATE / f"{sheet}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _write(path: Path, columns: list[str], rows: Iterable[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def _own(template: dict[str, list[Row]]) -> set[str]:
    """Numbers, identities and pseudonyms that every campaign has of its own."""
    batches = {row["number"] for row in template["lots"] if row["lot_kind"] in {"drug_product", "apheresis"}}
    own = set(batches)
    for sheet, rows in template.items():
        for row in rows:
            if sheet == "lots" and row["number"] not in batches:
                continue
            if sheet == "completeness_statements" and not row["lot"]:
                continue
            own |= {row[name] for name in RENAMED if row.get(name)}
    return own


def _write_what_is_kept_once(part: Path, panel: list[str]) -> None:
    for path in TEMPLATE.glob("*.csv"):
        if path.stem not in OF_A_BATCH:
            shutil.copy(path, part)
    with (part / "attributes.csv").open("a", encoding="utf-8") as file:
        file.writelines(f"{code},Monitored marker {code[-3:]},other,,%\n" for code in panel)


def _shared(rows: list[Row], own: set[str]) -> list[Row]:
    return [row for row in rows if not _is_own(row, own)]


def _is_own(row: Row, own: set[str]) -> bool:
    return any(value.partition("@")[0] in own for value in row.values())


def _repeated(sheet: str, rows: list[Row], own: set[str], campaigns: Iterable[int], panel: list[str]) -> Iterator[Row]:
    """The rows of a sheet that belong to batches, once a campaign, and the panel's where the sheet is one of its three."""
    mine = [row for row in rows if _is_own(row, own)]
    for campaign in campaigns:
        for row in mine:
            yield {name: _renamed(name, value, own, campaign) for name, value in row.items()}
        if panel:
            yield from _panel(sheet, campaign, panel)


def _renamed(column: str, value: str, own: set[str], campaign: int) -> str:
    if column == "title":
        return " ".join(f"{word}-{campaign:03}" if word in own else word for word in value.split(" "))
    number, at, version = value.partition("@")
    return f"{number}-{campaign:03}{at}{version}" if number in own else value


def _panel(sheet: str, campaign: int, panel: list[str]) -> Iterator[Row]:
    """A monitoring sample of each batch, one run on it, and one result an attribute of the panel."""
    for batch in range(1, BATCHES_A_CAMPAIGN + 1):
        lot = f"DP-26-{batch:03}-{campaign:03}"
        if sheet == "samples":
            yield _row(number=f"SMP-{lot}-PANEL", title="Monitoring sample", lot=lot, laboratory="LKA-IL", stage="in_process", quantity="1 vial")
        elif sheet == "test_runs":
            yield _row(
                number=f"RUN-{lot}-PANEL", title="Monitoring panel", sample=f"SMP-{lot}-PANEL", procedure="AP-101@1", site="LKA-IL", analyst="PER-051",
                performed_at="2026-03-25T10:00:00+00:00", reviewer="PER-052", reviewed_at="2026-03-27T11:00:00+00:00", state="approved",
            )  # fmt: skip
        elif sheet == "results":
            for place, code in enumerate(panel):
                reported = f"{(batch * 37 + campaign * 11 + place * 7) % 1000 / 10:.1f}"
                yield _row(test_run=f"RUN-{lot}-PANEL", attribute=code, reported=reported, unit="%", status="approved")


def _row(**cells: str) -> Row:
    return cells


if __name__ == "__main__":
    target, *sizes = sys.argv[1:]
    for made in write(Path(target), *(int(size) for size in sizes or ["10000"])):
        print(made)
