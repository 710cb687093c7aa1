"""The alignment page and its form: what the demonstration was made with is shown and nothing else, and a person says why with her name and reason."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from click.testing import CliRunner
from django.utils.html import escape

from holdfast.ledger.access import Viewer, viewing
from holdfast.ledger.models import ChangeSet
from holdfast.people.models import Person
from holdfast.programme.models import AlignmentDecision, Product, SpecificationTest
from tests.programme.test_alignment import COLD, MADE
from tests.release.people import MARA, NIA, QUINN, SAM, account

from .test_pages import ENDOTOXIN, signed_in

pytestmark = [pytest.mark.req("5.6")]
IMANI = "imani.cole@example.com"
GIVEN = {
    "difference_class": "scientific",
    "decision": "keep",
    "rationale": "The volume of the EU's dose is larger.",
    "seen_left": "not more than 5.0 EU/mL",
    "seen_right": "not more than 3.5 EU/mL",
}


def page(email: str = MARA) -> str:
    response = signed_in(email).get("/alignment/")
    assert response.status_code == 200
    return str(response.content.decode())


def form() -> str:
    with viewing(Viewer.operator()):
        return f"/products/{Product.objects.get().pk}/differences/?{ENDOTOXIN}"


def owner(email: str = MARA) -> str:
    return str(account(email).person_id)


def send(email: str = MARA, **changes: str) -> Any:
    return signed_in(email).post(form(), {"owner": owner(), **GIVEN, **changes})


def kept() -> list[AlignmentDecision]:
    with viewing(Viewer.operator()):
        return list(AlignmentDecision.objects.select_related("owner"))


def rows_of(text: str, name: str) -> list[list[str]]:
    """Cells of each row of a table, without their marks."""
    table = re.search(rf'<table class="cards-narrow {name}">.*?</table>', text, re.S)
    assert table
    rows = re.findall(r"<tr>(.*?)</tr>", table[0].split("</thead>")[1], re.S)
    return [[re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", cell)).strip() for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.S)] for row in rows]


def test_the_page_shows_the_differences_that_the_demonstration_was_made_with_and_no_other(demo: str) -> None:
    found = rows_of(page(), "differences")
    assert [(row[0], row[1], row[2]) for row in found] == [
        ("CAR-positive T cells limit", "not less than 15 %", "not less than 20 %"),
        ("Bacterial endotoxins limit", "not more than 5.0 EU/mL", "not more than 3.5 EU/mL"),
        (f"V{COLD[1:]} stability commitment", "1 lot a year", "2 lots a year"),
    ]
    assert all("Unexplained" in row[3] and "Nobody said why." in row[3] for row in found)
    assert len(found) == len(MADE)


def test_the_matrix_has_a_row_for_every_attribute_site_and_condition_and_says_which_are_alike(demo: str) -> None:
    found = rows_of(page(), "matrix")
    assert len(found) == 12 + 1 + 1
    assert {row[0]: row[3] for row in found if row[3] != "Alike"} == {
        "CAR-positive T cells": "Differs limit",
        "Bacterial endotoxins": "Differs limit",
        f"Stability: {COLD}": "Differs stability commitment",
    }
    assert found[2][1] == "Not less than 70 % AP-101 version 1 and 2 LKA-IL: validated since 1 May 2026"


def test_what_must_change_for_one_specification_is_listed_by_who_makes_it(demo: str) -> None:
    text = page()
    assert "Bacterial endotoxins: from not more than 5.0 EU/mL to not more than 3.5 EU/mL." in text
    assert "Commit to 2 lots a year" in text
    assert "<h4>IND-099201</h4>" in text
    assert "<h4>2025-599201-18-00</h4>" not in text  # the EU side is the stricter in each


def test_a_planted_difference_and_a_planted_gap_are_shown_and_nothing_else_is_new(demo: str) -> None:
    from holdfast.ledger.changes import Actor, change_set

    before = rows_of(page(), "differences")
    with viewing(Viewer.operator()):
        programme = Product.objects.select_related("programme").get().programme
        vcn, rcl = (SpecificationTest.objects.get(specification__record__number="SPC-201-EU", attribute__code=code) for code in ("vcn", "rcl"))
    with change_set(Actor.operator("operator"), action="plant", reason="a test", programme=programme):
        vcn.high, rcl.procedure_number = "4.0", ""
        vcn.save()
        rcl.save()
    text = page()
    after = rows_of(text, "differences")
    assert [row[:3] for row in after if row not in before] == [["Vector copy number limit", "not more than 5.0 copies/cell", "not more than 4.0 copies/cell"]]
    untold = re.search(r'id="untold-1">.*?</div>', text, re.S)
    assert untold
    assert re.findall(r"<strong>(.*?)</strong>", untold[0]) == ["Replication-competent lentivirus, method."]


def test_a_cmc_lead_says_why_and_it_is_kept_with_her_name_her_reason_and_the_values_she_saw(demo: str) -> None:
    response = send()
    assert (response.status_code, response["Location"].split("?")[0]) == (302, "/alignment/")
    (row,) = kept()
    assert (row.aspect, row.subject, row.difference_class, row.decision, row.owner.printed_name) == ("limit", "endotoxin", "scientific", "keep", "Mara Voss")
    assert (row.left_value, row.right_value, row.rationale) == (GIVEN["seen_left"], GIVEN["seen_right"], GIVEN["rationale"])
    with viewing(Viewer.operator()):
        entry = ChangeSet.objects.order_by("-pk").first()
    assert entry is not None
    assert (entry.action, entry.actor_name, entry.reason) == ("class difference", "Mara Voss", GIVEN["rationale"])
    (said,) = (cells[3] for cells in rows_of(page(), "differences") if cells[0].startswith("Bacterial"))
    assert said.startswith("Scientific to be kept The volume of the EU&#x27;s dose is larger. Mara Voss, 24 Nov 2026")


def test_a_class_holds_for_the_values_it_was_said_of_and_the_page_says_when_they_changed(demo: str) -> None:
    from holdfast.ledger.changes import Actor, change_set

    assert send().status_code == 302
    with viewing(Viewer.operator()):
        test = SpecificationTest.objects.get(specification__record__number="SPC-201-EU", attribute__code="endotoxin")
        programme = Product.objects.select_related("programme").get().programme
    with change_set(Actor.operator("operator"), action="plant", reason="a test", programme=programme):
        test.high = "2.0"
        test.save()
    (said,) = (cells[3] for cells in rows_of(page(), "differences") if cells[0].startswith("Bacterial"))
    assert said.startswith("Unexplained A value changed since Mara Voss said why on 24 Nov 2026")
    assert "It was said of other values." in signed_in(MARA).get(form()).content.decode()


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"rationale": "  "}, "Say why the difference is there."),
        ({"difference_class": ""}, "is no class of difference"),
        ({"decision": "perhaps"}, "is no decision"),
        ({"owner": ""}, "Choose who owns the difference."),
        ({"owner": "999999"}, "Choose who owns the difference."),
        ({"seen_right": "not more than 4.0 EU/mL"}, "has changed since you saw it"),
    ],
)
def test_what_is_not_said_or_no_longer_so_is_refused_and_nothing_is_kept(demo: str, changes: dict[str, str], says: str) -> None:
    response = send(**changes)
    text = response.content.decode()
    assert response.status_code == 422
    assert says in text
    assert kept() == []
    if "rationale" not in changes:
        assert "The volume of the EU&#x27;s dose is larger." in text  # what was typed is still there


@pytest.mark.parametrize("email", [SAM, IMANI, NIA])
def test_who_may_not_say_why_is_refused_the_form_and_the_act(demo: str, email: str) -> None:
    assert signed_in(email).get(form()).status_code == 403
    assert send(email).status_code == 403
    assert kept() == []
    assert "Say why" not in page(email)


def test_the_action_itself_asks_for_the_role(demo: str) -> None:
    from holdfast.kernel.errors import Refused
    from holdfast.ledger.changes import Actor, change_set
    from holdfast.programme.actions.class_difference import WhichDifference, class_difference

    with viewing(Viewer.operator()):
        product = Product.objects.select_related("programme").get()
        sam, quinn = account(SAM).person, Person.objects.get(pk=account(QUINN).person_id)
    which = WhichDifference("IND-099201", "2025-599201-18-00", "endotoxin", "limit")
    with (
        pytest.raises(Refused, match="You hold no such role"),
        change_set(Actor(sam.pk, sam.printed_name), action="class difference", reason="x", programme=product.programme) as opened,
    ):
        class_difference(opened, product, which, difference_class="legal", owner=quinn, rationale="x")
    assert kept() == []


def test_who_sees_a_part_is_told_that_the_whole_is_needed_and_shown_no_registration(demo: str) -> None:
    text = page(NIA)
    assert "a hidden registration would look like agreement" in text
    assert "IND-099201" not in text


def test_a_difference_that_is_not_there_is_not_found(demo: str) -> None:
    assert signed_in(MARA).get(form().replace("endotoxin", "viability")).status_code == 404


def test_the_command_line_shows_the_same_as_the_pages(demo: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """`holdfast alignment` and `holdfast phase`, on the database that the pages are served from."""
    from contextlib import nullcontext

    from holdfast.cli import alignment as alignment_command
    from holdfast.cli import holdfast
    from holdfast.cli import phase as phase_command

    for module in (alignment_command, phase_command):
        monkeypatch.setattr(module, "open_database", nullcontext)
    shown = CliRunner().invoke(holdfast, ["alignment", "show", "FHT-201", "--json"])
    assert shown.exit_code == 1  # differences are unexplained
    (pair,) = json.loads(shown.stdout)["pairs"]
    names = [[one["difference"]["left"], one["difference"]["right"]] for one in pair["differences"]]
    assert [row[1:3] for row in rows_of(page(), "differences")] == names
    assert all(change["says"] in page() for change in pair["changes"])
    found = CliRunner().invoke(holdfast, ["phase", "FHT-201", "--region", "EU", "--json"])
    assert found.exit_code == 1
    said = json.loads(found.stdout)
    text = signed_in(MARA).get("/phase/?region=EU").content.decode()
    for part in ("now", "next", "later"):
        section = re.search(rf'<section class="section" id="{part}".*?</section>', text, re.S)
        assert section
        assert sorted(re.findall(r"(PHS-\d{3}) ·", section[0].split("Rules that do not apply")[0])) == sorted(line["rule"] for line in said[part])
        assert all(escape(need) in section[0] for line in said[part] for need in line["open"])
    as_nia = CliRunner().invoke(holdfast, ["phase", "FHT-201", "--region", "US", "--as", NIA])
    assert "Evidence for this answer is withheld from you." in as_nia.output
    plain = CliRunner().invoke(holdfast, ["phase", "FHT-201", "--region", "US"])
    assert "Now: 9 of 10 open" in plain.output
    assert "[draft, confidence medium]" in plain.output
