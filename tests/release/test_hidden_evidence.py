"""What a viewer may not see never improves a verdict, and never shows through it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import models
from django.test import Client

from holdfast.dossier.schema import Dossier
from holdfast.ledger.access import Viewer, viewing
from holdfast.ledger.install import regulated_models
from holdfast.ledger.models import Access
from holdfast.release.queries import batches, board
from holdfast.release.questions import DESTINATIONS
from holdfast.release.verdicts import for_viewer, verdict_json, verdicts_for
from holdfast.standards.library import default_packs
from tests.people.kinds import people, programme

pytestmark = [pytest.mark.req("3.2")]
LONG_ENOUGH = 6  # shorter texts (units, versions, versions of documents) stand in many places


def texts_seen() -> set[str]:
    """Every text of every regulated row that the open identity sees. Left out: words from fixed lists, and what the release of batches itself wrote."""
    found: set[str] = set()
    for model in regulated_models():
        if model._meta.app_label == "release":
            continue
        fields = [f.attname for f in model._meta.concrete_fields if isinstance(f, (models.CharField, models.TextField)) and not f.choices]
        for row in model._base_manager.values_list(*fields):
            found.update(str(value) for value in row if value)
    return found


def hidden_from(person: Any, everything: set[str]) -> set[str]:
    """Texts of rows that a person does not see, and that stand in no row that they do."""
    with viewing(Viewer.person(person.pk)):
        seen = texts_seen()
    together = "\n".join([*seen, *(pack.source for pack in default_packs(Dossier))])
    return {text for text in everything - seen if len(text) >= LONG_ENOUGH and text not in together}


@pytest.fixture
def everything(demo: str) -> set[str]:
    with viewing(Viewer.operator()):
        return texts_seen()


def states(cells: Any) -> dict[str, tuple[str, list[tuple[str, str]]]]:
    return {name: (cell.state, [(rule.id, rule.answer) for rule in cell.rules]) for name, cell in cells.items()}


def test_every_batch_at_every_destination_has_the_evaluators_state_and_answers_for_every_kind_of_person(demo: str) -> None:
    found = programme()
    with viewing(Viewer.evaluator(found.pk)):
        whole = {row.lot.pk: states(row.cells) for row in board(found)}
    shown = 0
    for kind, person in people():
        with viewing(Viewer.person(person.pk)):
            rows = {row.lot.pk: states(row.cells) for row in board(found)}
        assert rows == {key: whole[key] for key in rows}, (kind.name, person.number)
        shown += len(rows)
    assert (len(whole), shown > 24 * 9) == (24, True)


def test_a_verdict_keeps_its_answers_and_says_nothing_of_a_hidden_row_whoever_reads_it(everything: set[str]) -> None:
    """Also for batches that the viewer could not open: the redaction alone must hold."""
    found = programme()
    with viewing(Viewer.operator()):
        keys = [lot.pk for lot in batches(found)]
        judged = [pair for question in DESTINATIONS.values() for pair in verdicts_for(found, keys, question).values()]
    verdicts = [verdict for _, verdict in judged]
    assert len(verdicts) == 2 * len(keys)
    for kind, person in people():
        hidden = hidden_from(person, everything)
        with viewing(Viewer.person(person.pk)):
            shown = for_viewer(judged)
        assert [(v.state, [r.answer for r in v.rules]) for v in shown] == [(v.state, [r.answer for r in v.rules]) for v in verdicts]
        said = json.dumps([verdict_json(verdict) for verdict in shown], ensure_ascii=False)
        leaked = sorted(text for text in hidden if text in said)
        assert leaked == [], (kind.name, person.number, leaked)


def test_no_page_of_a_batch_or_the_board_shows_a_text_of_a_hidden_row(everything: set[str]) -> None:
    found = programme()
    checked = 0
    for kind, person in people():
        if kind.name not in {"CDMO", "laboratory", "role ended", "no role"}:
            continue
        hidden = hidden_from(person, everything)
        assert hidden
        client = Client()
        client.force_login(person.account, backend="allauth.account.auth_backends.AuthenticationBackend")
        with viewing(Viewer.person(person.pk)):
            lots = [lot.pk for lot in batches(found)]
        for address in ["/", *(f"/batches/{key}/" for key in [*lots[:3], *lots[6:8]])]:
            page = client.get(address).content.decode()
            leaked = sorted(text for text in hidden if text in page)
            assert leaked == [], (person.number, address, leaked)
            checked += 1
    assert checked > 10


def test_every_kind_of_row_that_a_verdict_rests_on_is_hidden_from_somebody(everything: set[str]) -> None:
    """Otherwise the tests above could not fail."""
    scopes = {model.access for model in regulated_models()}
    assert {Access.WORK, Access.WHOLE, Access.COLLEAGUES} <= scopes
    counts = {person.number: len(hidden_from(person, everything)) for kind, person in people() if kind.name in {"CDMO", "laboratory"}}
    assert all(count > 50 for count in counts.values()), counts
