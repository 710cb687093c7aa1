"""Write the demonstration programme's files beside this folder: `python examples/car-t/generator`.

Everything is fictional. The seed is fixed: the same files come out every time.
"""

from __future__ import annotations

import random
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from execution import add_execution
from laboratory import add_testing
from lots import add_drug_product, add_materials
from parties import add_parties
from product import add_product, add_registrations, add_site_evidence
from quality import add_changes, add_programme_statements, add_quality
from scenarios import BATCHES
from sheets import Folder

SEED = 20261124


def generate() -> Folder:
    """The whole programme as rows."""
    folder, chance = Folder(), random.Random(SEED)
    add_parties(folder)
    add_product(folder)
    add_registrations(folder)
    add_site_evidence(folder)
    add_materials(folder)
    for batch in BATCHES:
        add_drug_product(folder, batch)
        add_execution(folder, batch)
        add_testing(folder, batch, chance)
        add_quality(folder, batch)
    add_changes(folder)
    add_programme_statements(folder)
    return folder


if __name__ == "__main__":
    generate().write(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent.parent)
