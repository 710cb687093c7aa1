"""SIGKILL of the client and of PostgreSQL at every named place, round after round; after each the record is compared with the client's journal.

Run: `python -m benchmarks.faults [ROUNDS]` (default 26: every place with both victims once; the full run is 200). Prints what was lost or half there.
"""

from __future__ import annotations

import itertools
import os
import sys
import tempfile
import time
from pathlib import Path


def main(words: list[str]) -> int:
    """Play rounds over every place and victim in turn."""
    from tests.faults import rounds

    from holdfast.kernel.failpoint import PLACES

    number = int(words[0]) if words else len(PLACES) * 2
    base, wrong, began = "/var/tmp" if os.geteuid() == 0 else None, 0, time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="holdfast-faults-", dir=base) as folder:
        Path(folder).chmod(0o711)
        home, journal = Path(folder) / "home", Path(folder) / "journal"
        rounds.prepare(home)
        combinations = itertools.cycle(itertools.product(PLACES, rounds.VICTIMS))
        for index, (place, victim) in zip(range(number), combinations, strict=False):
            found = rounds.play(home, journal, place, victim, 1000 + index)
            wrong += bool(found)
            for line in found:
                print(f"round {index}, {victim} killed at {place!r}: {line}", flush=True)
        acknowledged = len(journal.read_text().splitlines())
    taken = time.perf_counter() - began
    print(f"{number} kills at {len(PLACES)} places: {number - wrong} rounds right, {wrong} wrong; {acknowledged} acknowledged acts, none lost" if not wrong else
          f"{number} kills: {wrong} rounds WRONG")  # fmt: skip
    print(f"{taken / number:.1f} s a round")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
