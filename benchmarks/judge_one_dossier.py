"""How long judging one dossier takes: rules alone, canonical digest, and gathering, for one batch and for all.

Run: `python -m benchmarks.judge_one_dossier` (or `./dev bench`).
"""

from __future__ import annotations

from .open import demonstration, median


def main() -> None:
    """Measure on the demonstration; the floor is parsing the dossier's own JSON."""
    with demonstration():
        import json
        from datetime import date

        from holdfast.dossier.canonical import canonical, dossier_json
        from holdfast.ledger.access import Viewer, viewing
        from holdfast.ledger.models import Programme
        from holdfast.release.dossiers import build_dossiers
        from holdfast.release.packs import packs_in_force
        from holdfast.release.queries import batches
        from holdfast.standards.judge import judge

        with viewing(Viewer.operator()):
            programme = Programme.objects.get()
            keys = [lot.pk for lot in batches(programme)]
        day = date(2026, 11, 24)
        document = dossier_json(build_dossiers(programme, keys[:1], "us_disposition", "US", day)[keys[0]])
        content = canonical(document)
        packs = packs_in_force(programme, day).on(document)
        floor = median(lambda: json.loads(content), 50)
        rules = median(lambda: judge(packs, document), 50)
        count = len(judge(packs, document).rules)
        print(
            f"rules: {count} rules on one dossier of {len(content)} bytes in {rules * 1000:.2f} ms; parsing its JSON {floor * 1000:.2f} ms; ratio {rules / floor:.1f}"  # noqa: E501
        )
        print(f"canonical form: {median(lambda: canonical(document), 20) * 1000:.2f} ms")
        one = median(lambda: build_dossiers(programme, keys[:1], "us_disposition", "US", day))
        every = median(lambda: build_dossiers(programme, keys, "us_disposition", "US", day))
        print(f"gathering: one batch {one * 1000:.0f} ms, {len(keys)} batches {every * 1000:.0f} ms, {every / one:.1f} times one")


if __name__ == "__main__":
    main()
