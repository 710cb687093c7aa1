"""Eight writers beside a sequencer that never rests: does anybody wait for a seal?

Each writer runs with a lock timeout of 100 ms, so that a longer wait for any lock is an error and is counted. Run:
`python -m benchmarks.seals_under_load [SECONDS]` (default 10; the full run is 60). Prints the slowest write with and without the sequencer.
"""

from __future__ import annotations

import multiprocessing
import sys
import time
from typing import Any

from .open import empty

WRITERS = 8


def main(words: list[str]) -> int:
    """Write for so many seconds with the sequencer, and for as long without."""
    seconds = float(words[0]) if words else 10
    with empty() as server:
        address = server.url()
        with_it, without = _run(address, seconds, True), _run(address, seconds, False)
        from holdfast.dossier.package import public_keys
        from holdfast.ledger.seals import pending, seal
        from holdfast.ledger.verification import verify_ledger

        size, waiting = seal(), pending()
        holds = verify_ledger(None, public_keys(server.home.keys)).holds
    for name, (written, waits, slowest, p99) in (("with", with_it), ("without", without)):
        print(
            f"{name} a sequencer: {written} change sets by {WRITERS} writers in {seconds:.0f} s, waits over 100 ms {waits},"
            f" slowest {slowest:.0f} ms, p99 {p99:.1f} ms"
        )
    print(f"ratio of p99 {with_it[3] / without[3]:.2f}; tree {size}, waiting {waiting}, ledger {'holds' if holds else 'DOES NOT HOLD'}")
    return 0 if holds and not with_it[1] and not waiting and size == with_it[0] + without[0] else 1


def _run(address: str, seconds: float, sealing: bool) -> tuple[int, int, float, float]:
    context = multiprocessing.get_context("spawn")
    stop, said = context.Event(), context.Queue()
    processes = [context.Process(target=_write, args=(address, seconds, said, n)) for n in range(WRITERS)]
    sequencer = context.Process(target=_sequence, args=(address, stop))
    if sealing:
        sequencer.start()
    for process in processes:
        process.start()
    found: list[tuple[list[float], int]] = [said.get() for _ in processes]
    for process in processes:
        process.join()
    stop.set()
    if sealing:
        sequencer.join()
    taken = sorted(t for times, _ in found for t in times)
    return len(taken), sum(waits for _, waits in found), taken[-1] * 1000, taken[int(len(taken) * 0.99)] * 1000


def _write(address: str, seconds: float, said: Any, number: int) -> None:
    import psycopg

    times, waits, count = [], 0, 0
    with psycopg.connect(address) as writer:
        writer.execute("SET lock_timeout = '100ms'")
        writer.commit()
        until = time.perf_counter() + seconds
        while time.perf_counter() < until:
            began = time.perf_counter()
            try:
                writer.execute("SELECT opened FROM holdfast_open_change_set(NULL, %s, 'add', 'load', NULL, true)", [f"writer {number}"])
                name = f"{number}-{began}-{count}"
                writer.execute("INSERT INTO people_organisation (number, name, kind, country) VALUES (%s, 'Fictional', 'supplier', 'US')", [name[:40]])
                writer.commit()
                times.append(time.perf_counter() - began)
            except psycopg.errors.LockNotAvailable:
                waits += 1
                writer.rollback()
            count += 1
    said.put((times, waits))


def _sequence(address: str, stop: Any) -> None:
    import psycopg

    with psycopg.connect(address) as sequencer:
        while not stop.is_set():
            sequencer.execute("SELECT holdfast_seal(true)")
            sequencer.commit()
            time.sleep(0.05)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
