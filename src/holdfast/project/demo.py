"""The demonstration: a fictional programme through the same doors as anyone's, log-ins for it, and decisions already signed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from .demo_studies import carry_out
from .home import HomeProblem, example
from .machine import operator_name

FOLDER = "car-t"


@dataclass(frozen=True)
class Story:
    """What `demo.yaml` says to do after the import."""

    folder: Path
    programme: str
    password: str
    accounts: list[dict[str, str]]
    decisions: list[dict[str, str]]
    studies: list[dict[str, str]]
    first: list[str]

    @classmethod
    def read(cls) -> Story:
        folder = example(FOLDER)
        told = yaml.safe_load((folder / "demo.yaml").read_text("utf-8"))
        head = yaml.safe_load((folder / "programme.yaml").read_text("utf-8"))
        return cls(folder, str(head["number"]), **told)


def prepare(say: Callable[[str], None]) -> None:
    """Load what is not there yet; a second run finds everything and changes nothing. Needs an open database."""
    story = Story.read()
    _refuse_among_real_programmes()
    _load(story, say)
    _open_accounts(story)
    for told in story.decisions:
        _decide(story, told, say)
    for told in story.studies:
        carry_out(story.programme, story.password, told)


def _refuse_among_real_programmes() -> None:
    from holdfast.ledger.access import Viewer, viewing
    from holdfast.ledger.models import Programme

    with viewing(Viewer.operator()):
        real = Programme.objects.filter(is_fictional=False).values_list("number", flat=True).first()
    if real:
        raise HomeProblem(
            f"This data folder holds {real}, which is not fictional, and the demonstration's passwords are published:"
            " give the demonstration a folder of its own with HOLDFAST_HOME."
        )


def _load(story: Story, say: Callable[[str], None]) -> None:
    """Import the folder once: what a visitor changed in the record since is theirs, and a restart does not take it back."""
    from holdfast.exchange.programme.loading import load_folder
    from holdfast.kernel.errors import Problems
    from holdfast.ledger.access import Viewer, viewing
    from holdfast.ledger.changes import Actor
    from holdfast.ledger.models import Programme

    with viewing(Viewer.operator()):
        if Programme.objects.filter(number=story.programme).exists():
            return
    say(f"Loading the demonstration programme {story.programme} …")
    report = load_folder(story.folder, Actor.operator(operator_name()), reason="The demonstration programme")
    if report.problems:
        raise Problems(report.problems)


def _open_accounts(story: Story) -> None:
    from holdfast.ledger.access import Viewer, viewing
    from holdfast.people.actions import open_account
    from holdfast.people.models import Account, Person

    with viewing(Viewer.operator()):
        present = set(Account.objects.values_list("username", flat=True))
        people = {person.number: person for person in Person.objects.all()}
        for told in story.accounts:
            if told["email"] not in present:
                open_account(people[told["person"]], email=told["email"], password=story.password)


def _decide(story: Story, told: dict[str, str], say: Callable[[str], None]) -> None:
    """Sign one decision through the action that everybody's go through, unless it stands already."""
    from holdfast.kernel.errors import Refused
    from holdfast.ledger.access import Viewer, viewing
    from holdfast.people.models import Account
    from holdfast.release.actions import decide
    from holdfast.release.models import Decision

    with viewing(Viewer.operator()):
        signer = Account.objects.select_related("person__organisation").get(username=told["signer"])
        lot = _lot(story.programme, told["batch"])
        if Decision.objects.filter(lot_id=lot.pk, question=told["question"]).exists():
            return
    try:
        decide(signer, story.password, lot, told["question"], told["outcome"])
    except Refused as error:
        say(f"{told['batch']} was not {told['outcome'].replace('_', ' ')}: {error}")


def _lot(programme: str, number: str) -> Any:
    from holdfast.batch.models import Lot

    return Lot.objects.select_related("record", "programme").get(programme__number=programme, record__number=number)


def introduction(address: str) -> str:
    """What to print when the pages are up: the address, who can sign in, what to try first."""
    from holdfast.kernel.clock import today
    from holdfast.ledger.access import Viewer, viewing
    from holdfast.people.queries import log_ins

    story = Story.read()
    with viewing(Viewer.operator()):
        found = {one.account.email: one for one in log_ins(today())}
        listed = [found[told["email"]] for told in story.accounts]
        rows = [(one.account.email, one.account.person, one.role_names) for one in listed]
        width = max(len(email) for email, _, _ in rows)
        accounts = [f"  {email:<{width}}  {role or 'no role today'}, {person.organisation.name}" for email, person, role in rows if person]
    steps = [f"  {number}. {step}" for number, step in enumerate(story.first, 1)]
    parts = [f"Holdfast is at {address}", "", f"Demo accounts (password: {story.password}); everything is fictional:", *accounts]
    return "\n".join([*parts, "", "Try first:", *steps, "", "Ctrl-C stops it."])
