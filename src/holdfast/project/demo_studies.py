"""The demonstration's studies, through the same actions as anybody's."""

from __future__ import annotations

from typing import Any

from .home import example

FOLDER = "studies"


def carry_out(programme: str, password: str, told: dict[str, Any]) -> None:
    """Carry out one study as its protocol says and conclude it where a conclusion is told, unless it is there already."""
    from holdfast.ledger.access import Viewer, viewing
    from holdfast.ledger.models import Programme
    from holdfast.study.actions import approve, conclude
    from holdfast.study.models import Study

    with viewing(Viewer.operator()):
        home = Programme.objects.get(number=programme)
        if Study.objects.filter(programme=home, record__number=told["number"]).exists():
            return
        people = {part: _account(told[part]) for part in ("drafter", "approver", "signer") if part in told}
    study = _drafted(home, people["drafter"].person, told)
    approve(people["approver"], password, study)
    _take(home, people["drafter"].person, study)
    _leave_out(home, people["drafter"].person, study, told)
    if "conclusion" in told:
        conclude(people["signer"], password, study, told["conclusion"], told["reason"])


def _account(email: str) -> Any:
    from holdfast.people.models import Account

    return Account.objects.select_related("person__organisation").get(username=email)


def _drafted(programme: Any, person: Any, told: dict[str, Any]) -> Any:
    from holdfast.dossier.study.protocol import read_protocol
    from holdfast.ledger.changes import change_set
    from holdfast.people.signing import actor_of
    from holdfast.study.actions import draft

    protocol = read_protocol((example(FOLDER) / told["protocol"]).read_text("utf-8"), told["protocol"])
    with change_set(actor_of(person), action="draft study", reason=f"{told['number']}: {protocol.title}", programme=programme) as opened:
        return draft(opened, told["number"], protocol, by=person)


def _take(programme: Any, person: Any, study: Any) -> None:
    from holdfast.ledger.changes import change_set
    from holdfast.people.signing import actor_of
    from holdfast.study.actions import take_data

    with change_set(actor_of(person), action="take study data", reason="As the approved protocol says", programme=programme) as opened:
        take_data(opened, study, by=person)


def _leave_out(programme: Any, person: Any, study: Any, told: dict[str, Any]) -> None:
    from holdfast.ledger.changes import change_set
    from holdfast.people.signing import actor_of
    from holdfast.study.actions import depart, exclude
    from holdfast.study.actions.carry_out import row_in

    for left_out in told.get("exclusions", ()):
        with change_set(actor_of(person), action="exclude study result", reason=left_out["cause"], programme=programme) as opened:
            exclude(opened, study, row_in(study, left_out["run"], left_out["attribute"]), left_out["cause"], by=person)
    for departure in told.get("departures", ()):
        with change_set(actor_of(person), action="study departs from protocol", reason=departure["what"], programme=programme) as opened:
            depart(opened, study, departure["what"], departure["impact"], by=person)
