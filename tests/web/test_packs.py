"""The pages of rule packs: who may change what judges, what is refused and why, and what a partial viewer is told."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.release.people import FEMKE, QUINN
from tests.release.test_adoption import US, judged, kept, own_pack, stricter

from .test_pages import NIA, signed_in

pytestmark = [pytest.mark.req("5.2")]


def asked(act: str = "preview", **more: Any) -> dict[str, Any]:
    return {"act": act, **more}


def test_a_chosen_text_is_previewed_and_then_adopted_byte_for_byte_whatever_a_browser_does_to_its_line_ends(demo: str) -> None:
    client = signed_in(QUINN)
    page = client.post("/packs/adopt/", asked(file=SimpleUploadedFile("us.yaml", stricter().encode()))).content.decode()
    assert "5 open batches would be judged otherwise." in page
    assert kept()[0] == 0
    browser = {"text": stricter().replace("\n", "\r\n"), "file_name": "us.yaml", "reason": "our validation"}
    assert client.post("/packs/adopt/", asked("adopt", **browser)).status_code == 302
    assert judged() == [f"{US} 1.1.0"]
    assert (
        client.post("/packs/adopt/", asked("adopt", text=stricter(), file_name="us.yaml", reason="again")).status_code == 302
    )  # the same text, the same version


@pytest.mark.req("5.3")
def test_what_is_wrong_is_told_by_line_and_column_and_nothing_is_kept(demo: str) -> None:
    response = signed_in(QUINN).post("/packs/adopt/", asked(text=own_pack().replace("batch.container", "batch.contaner"), file_name="mine.yaml"))
    assert response.status_code == 422
    page = response.content.decode()
    assert "Line 13, column" in page
    assert "contaner" in page
    assert kept() == (0, 0, 1) or kept()[:2] == (0, 0)


def test_a_qp_previews_and_does_not_adopt_end_or_set(demo: str) -> None:
    client = signed_in(FEMKE)
    assert "Quality Unit adopts packs" in client.post("/packs/adopt/", asked(text=stricter(), file_name="us.yaml")).content.decode()
    assert client.post("/packs/adopt/", asked("adopt", text=stricter(), file_name="us.yaml", reason="no")).status_code == 422
    assert client.post("/packs/", {"programme": "FHT-201", "act": "end", "pack": US, "reason": "no"}).status_code == 422
    assert judged(days=1) == [f"{US} 1.0.0"]


def test_a_draft_is_previewed_and_adopted_only_with_its_box_ticked(demo: str) -> None:
    client, draft = signed_in(QUINN), {"pack": "data_integrity_draft_annexes_2025", "reason": "to be ready"}
    assert "I adopt it knowing that it is draft" in client.post("/packs/adopt/", asked(**draft)).content.decode()
    assert client.post("/packs/adopt/", asked("adopt", **draft)).status_code == 422
    assert kept()[0] == 0
    assert client.post("/packs/adopt/", asked("adopt", draft="yes", **draft)).status_code == 302


@pytest.mark.req("5.1")
def test_a_figure_is_set_with_its_reason_and_shown_beside_what_the_pack_says(demo: str) -> None:
    client = signed_in(QUINN)
    client.post("/packs/adopt/", asked("adopt", text=stricter(), file_name="us.yaml", reason="our validation"))
    change = {"programme": "FHT-201", "act": "set", "pack": US, "figure": "vcn_limit", "value": "4"}
    assert client.post("/packs/", change | {"reason": " "}).status_code == 422
    assert client.post("/packs/", change | {"value": "four", "reason": "so"}).status_code == 422
    assert kept()[1] == 0
    assert client.post("/packs/", change | {"reason": "asked for by the authority"}).status_code == 302
    page = client.get("/packs/").content.decode()
    assert "asked for by the authority" in page
    assert "set by the sponsor" in page


def test_a_shipped_pack_that_is_chosen_after_a_file_takes_its_place(demo: str) -> None:
    page = signed_in(QUINN).post("/packs/adopt/", asked(text=stricter(), file_name="us.yaml", pack="us_disposition_part_211")).content.decode()
    assert "What us_disposition_part_211 1.0.0 would change" in page


def test_who_sees_a_part_of_a_programme_is_told_so_and_reads_no_reason(demo: str) -> None:
    signed_in(QUINN).post("/packs/adopt/", asked("adopt", text=stricter(), file_name="us.yaml", reason="a reason of our own"))
    page = signed_in(NIA).get("/packs/").content.decode()
    assert "You see a part of this programme." in page
    assert "a reason of our own" not in page


def test_a_shipped_pack_that_is_none_a_day_that_is_none_and_no_choice_are_refused_in_words(demo: str) -> None:
    client = signed_in(QUINN)
    for given, says in (
        ({}, "Choose a pack"),
        ({"pack": "nothing"}, "Holdfast ships no pack"),
        ({"pack": "stability_programme", "valid_from": "soon"}, "like 2026"),
    ):
        response = client.post("/packs/adopt/", asked(**given))
        assert (response.status_code, says in response.content.decode()) == (422, True), given
