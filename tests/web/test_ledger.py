"""The ledger's pages: what was done, by whom and why, and one change set with everything in it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.http import QueryDict

from holdfast.ledger.access import Viewer, viewing
from holdfast.ledger.changes import Actor, change_set
from holdfast.ledger.describing import changed_rows, seal_state
from holdfast.ledger.models import ChangeSet
from holdfast.ledger.seals import issue_checkpoint, seal
from holdfast.people.models import Organisation
from holdfast.web.ledger.asked import AskedOfLedger
from tests.release.people import NIA, QUINN

from .test_pages import addresses, signed_in

pytestmark = [pytest.mark.req("4.7")]


@pytest.mark.parametrize("query", ["", "?record=DP-26-001&person=Adler&order=time", "?kind=void&since=2026-01-01&until=2026-02-01&after=0.12"])
def test_an_address_is_a_view_and_says_itself_again(query: str) -> None:
    asked = AskedOfLedger.of(QueryDict(query[1:]))
    assert AskedOfLedger.of(QueryDict(asked.address()[1:])) == asked


def test_the_last_day_of_a_filter_is_included() -> None:
    wanted = AskedOfLedger.of(QueryDict("since=2026-03-01&until=2026-03-02")).wanted()
    assert (wanted.since, wanted.until) == (datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 3, 3, tzinfo=UTC))


@pytest.mark.parametrize("query", ["kind=nonsense", "order=sideways"])
def test_what_is_not_offered_is_no_filter(query: str) -> None:
    assert AskedOfLedger.of(QueryDict(query)) == AskedOfLedger()


def test_a_day_that_cannot_be_read_is_said_and_does_not_narrow(demo: str) -> None:
    page = signed_in(QUINN).get("/ledger/?since=yesterday").content.decode()
    assert "yesterday is not a day. Write it like 2026-03-12." in page
    assert "import programme" in page.lower()
    assert signed_in(QUINN).get("/ledger/?after=9.9").status_code == 404


def test_a_decision_opens_with_its_signer_role_reason_signature_and_every_row(demo: str) -> None:
    page = signed_in(QUINN).get(addresses()["change_set"]).content.decode()
    for says in ("Decide us disposition", "Quinn Adler, ", "Quality Unit", "decision DP-26-007", "Outcome", "Released"):
        assert says in page, says
    assert "I have reviewed the record of this batch and release it" in page


def test_old_and_new_values_stand_side_by_side_under_the_fields_label(demo: str) -> None:
    with viewing(Viewer.operator()):
        was = Organisation.objects.get(number="FHT").name
    with change_set(Actor.operator("the operator"), action="rename", reason="it was sold") as opened:
        Organisation.objects.filter(number="FHT").update(name="Sold Therapeutics (fictional)")
    with viewing(Viewer.operator()):
        rows, following = changed_rows(ChangeSet.objects.get(pk=opened.id))
    assert following is None
    assert [(row.of, row.operation) for row in rows] == [("organisation", "update")]
    (field,) = rows[0].fields
    assert (field.label, field.after.said) == ("Name", "Sold Therapeutics (fictional)")
    assert field.before.said == was


def _opened_by_import() -> int:
    with viewing(Viewer.operator()):
        return int(ChangeSet.objects.filter(action="import programme").order_by("pk")[0].pk)


def test_a_long_change_set_is_read_page_by_page_in_a_number_of_queries_that_does_not_grow(demo: str) -> None:
    client, key = signed_in(QUINN), _opened_by_import()
    first = client.get(f"/ledger/{key}/")
    assert (len(first.context["rows"]), first.context["is_first"]) == (100, True)
    second = client.get(f"/ledger/{key}/{first.context['next']}")
    assert {row.id for row in first.context["rows"]} & {row.id for row in second.context["rows"]} == set()


def test_a_partner_sees_of_a_shared_change_set_its_own_rows_only(demo: str) -> None:
    key = _opened_by_import()
    whole, part = (signed_in(email).get("/ledger/?action=import").context["page"].lines[-1] for email in (QUINN, NIA))
    assert whole.made.pk == part.made.pk == key
    assert {kind for kind, _ in whole.reasons} == {"late", "access"}
    assert {kind for kind, _ in part.reasons} == {"late"}
    assert signed_in(NIA).get(f"/ledger/{key}/").status_code == 200
    assert signed_in(NIA).get(addresses()["change_set"]).status_code == 404


def test_the_seal_says_where_a_change_set_stands_and_which_checkpoint_holds_it(demo: str) -> None:
    with change_set(Actor.operator("the operator"), action="nothing", reason="a test needs one"):
        pass
    with viewing(Viewer.operator()):
        key = ChangeSet.objects.order_by("-pk")[0].pk
        made = ChangeSet.objects.get(pk=key)
        assert seal_state(made).index is None
        held = seal()
        state = seal_state(made)
        assert (state.index, state.checkpoint_size) == (held - 1, None)
        issue_checkpoint(Path(settings.HOLDFAST_KEYS))
        assert seal_state(made).checkpoint_size == held
