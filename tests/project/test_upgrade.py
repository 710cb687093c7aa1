"""A database of an earlier state, with data in it, is migrated where it stands: everything it held holds, and the door stays shut.

`upgrade/` keeps one dump (pg_dump, as text, xz) of the demonstration for each earlier state of the migrations that anybody can have; `keep_state.py` makes
one before a migration is added.
"""

from __future__ import annotations

import lzma
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connections

from holdfast.dossier.package import read_public_key
from holdfast.ledger import install
from holdfast.ledger.access import Viewer, viewing
from holdfast.ledger.changes import Actor, change_set
from holdfast.ledger.models import ChangeSet, LedgerException, RowChange
from holdfast.ledger.queries import history_of
from holdfast.ledger.seals import seal, size
from holdfast.ledger.verification import verify_ledger
from holdfast.people.models import Organisation
from holdfast.project.postgres import OWNER, SUPERUSER
from holdfast.release.models import Decision
from holdfast.release.queries import flags_of
from tests.conftest import WORKING, drop_database, make_database, point_django_at

pytestmark = [pytest.mark.req("3.4")]
EARLIER = sorted((Path(__file__).parent / "upgrade").glob("*.sql.xz"))
NAME = "holdfast_earlier"


@pytest.fixture(params=EARLIER, ids=lambda path: path.name.split(".")[0])
def upgraded(request: Any, server: Any, django_db_setup: None, django_db_blocker: Any, tmp_path: Path) -> Iterator[Path]:
    """An earlier database, restored and then migrated by today's code; gives the place of its public key, if it had one."""
    import psycopg

    from holdfast.project.binaries import programs

    make_database(server, NAME)
    with psycopg.connect(server.url(SUPERUSER, NAME), autocommit=True) as connection:
        connection.execute(f'GRANT ALL ON SCHEMA public TO "{OWNER}"')
    dump = tmp_path / "earlier.sql"
    dump.write_bytes(lzma.decompress(request.param.read_bytes()))
    psql = [str(programs(server.home) / "psql"), "-q", "-v", "ON_ERROR_STOP=1", "-d", server.url(OWNER, NAME), "-f", str(dump)]
    subprocess.run(psql, check=True, capture_output=True)
    with django_db_blocker.unblock():
        point_django_at(server, NAME)
        call_command("migrate", database="owner", verbosity=0, interactive=False)
        yield request.param.with_name(request.param.name.replace(".sql.xz", ".pub.pem"))
        connections.close_all()
        point_django_at(server, WORKING)
    drop_database(server, NAME)


def test_an_earlier_database_keeps_its_record_and_gets_todays_guards_and_seals(upgraded: Path) -> None:
    keys = [read_public_key(upgraded.read_bytes())] if upgraded.exists() else []
    assert install.missing() == []
    with viewing(Viewer.operator()):
        made = ChangeSet.objects.count()
        assert (size() < made, RowChange.objects.count() > 2000) == (True, True)
        decisions = list(Decision.objects.select_related("dossier"))
        assert (len(decisions), flags_of(decisions[0].programme, decisions)) == (4, {})
        organisation = Organisation.objects.get(number="FHT")
        assert [entry.operation for entry in history_of(organisation)] == ["insert"]
        assert set(LedgerException.objects.values_list("kind", flat=True)) == {"late", "access"}  # found again from the images
    assert seal() == made
    assert verify_ledger(None, keys).findings == []
    with change_set(Actor.operator("operator"), action="rename", reason="after the upgrade"):
        Organisation.objects.filter(pk=organisation.pk).update(name="Renamed after the upgrade")
    assert seal() == made + 1
    assert verify_ledger(None, keys).findings == []
