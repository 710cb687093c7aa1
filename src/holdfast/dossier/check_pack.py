"""Check a rule pack by hand: `python -m holdfast.dossier.check_pack FILE` prints what is wrong with it."""

from __future__ import annotations

import sys
from pathlib import Path

from holdfast.kernel.errors import HoldfastError
from holdfast.standards.examples import run_examples
from holdfast.standards.loading import load_pack
from holdfast.standards.mutate import surviving_mutants

from .schema import Dossier


def main(path: str) -> int:
    """Print problems, failing examples and surviving mutants; 0 when there are none."""
    try:
        pack = load_pack(Path(path), Dossier)
    except HoldfastError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    wrong = [str(failed) for failed in run_examples(pack)]
    for rule in pack.rules:
        wrong += surviving_mutants(pack, rule, Dossier)
    sys.stdout.write("\n".join([*wrong, f"{pack.id} {pack.version}: {len(pack.rules)} rules, {len(wrong)} findings"]) + "\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
