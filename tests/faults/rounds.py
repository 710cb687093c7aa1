"""A round: one client meets a fault at a named place; then everything is started again and compared with the client's journal."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from holdfast.kernel.failpoint import PLACES
from holdfast.project import cluster, postgres

VICTIMS = ("process", "database")
ACTS = {"import": "import", "decision": "decide", "sealing": "seal", "checkpoint": "seal"}
ROOT = Path(__file__).resolve().parents[2]


def environment(home: Path, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HOLDFAST_")}
    return kept | {"HOLDFAST_HOME": str(home), "PYTHONUNBUFFERED": "1"} | more


def play(home: Path, journal: Path, place: str, victim: str, number: int) -> list[str]:
    """Kill `victim` at `place` while a client works; returns what is wrong after the restart, and that the place was never met if so."""
    assert place in PLACES
    act = ACTS[place.split()[0]]
    with postgres.running(home) as server:
        pid = str(cluster.postmaster(server.home))
        command = [sys.executable, "-m", "tests.faults.worker", act, str(number), f"{place}={victim}"]
        told = environment(home, HOLDFAST_FAILPOINT_PID=pid)
        done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=told, check=False, timeout=120)
        is_dead = done.returncode == -signal.SIGKILL if victim == "process" else not cluster.is_running(server.home)
    said = [line for line in done.stdout.splitlines() if line.startswith("{")]
    with journal.open("a") as file:
        file.write("".join(line + "\n" for line in said))
    unmet = [] if is_dead else [f"nothing was killed: {done.stderr[-300:]}"]
    unmet += [] if len(said) >= 2 else [f"what comes before the fault was not acknowledged: {done.stderr[-300:]}"]
    return unmet + check(home, journal)


def check(home: Path, journal: Path) -> list[str]:
    """What the record lacks or half has of everything acknowledged."""
    journal.touch()
    command = [sys.executable, "-m", "tests.faults.worker", "check", str(journal)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=environment(home), check=False, timeout=120)
    return [line for line in done.stdout.splitlines() if line] if done.returncode in (0, 1) and not done.stderr else [done.stderr[-500:]]


def prepare(home: Path) -> None:
    """The demonstration, loaded through its own door."""
    code = "from holdfast.project.opening import opened\nfrom holdfast.project.demo import prepare\nwith opened():\n    prepare(lambda said: None)\n"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment(home), check=True)
