"""The access matrix against the faces: every address, operation and command has a row, and every page answers each kind of person as its row says."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

from holdfast.api.matrix import OPERATIONS
from holdfast.batch.models import Lot
from holdfast.batch.queries import inputs_of, results_of_lot
from holdfast.cli import holdfast
from holdfast.cli.matrix import COMMANDS
from holdfast.ledger.access import Viewer, viewing
from holdfast.ledger.models import Programme, Record
from holdfast.people.kinds import ABSENT, OWN, REFUSED, SIGNS, YES, api_cell, page_cell
from holdfast.people.models import Account
from holdfast.web.matrix import ACCOUNT_PAGES, FILES, PAGES
from tests.api.addresses import operations
from tests.api.test_permissions import KINDS as API_KINDS
from tests.api.test_permissions import MATRIX as API_MATRIX
from tests.people.kinds import BY_NAME, log_in_of_no_person, people

from .test_pages import addresses

pytestmark = [pytest.mark.req("3.2")]
#: a page whose answer to a visit is not its usual one: what is only posted to
VISITED = {"preferences": 405, "pin": 405, "keep_view": 405, "walk": 405}
POSTED_ONLY = {"account_logout", "mfa_login_webauthn"}


def plain(names: Any) -> set[str]:
    return {name.split(" (")[0] for name in names}


def names_of(resolver: Any) -> set[str]:
    found: set[str] = set()
    for pattern in resolver.url_patterns:
        found |= {pattern.name} if isinstance(pattern, URLPattern) else set() if pattern.namespace else names_of(pattern)
    return {name for name in found if name}


def test_every_address_has_a_row() -> None:
    api = {"openapi-json", "api-root"}
    assert names_of(get_resolver()) - api == plain(PAGES) | set(FILES) | set(ACCOUNT_PAGES)


def test_every_operation_of_the_api_has_a_row() -> None:
    assert plain(OPERATIONS) == {f"{method} {path}" for method, path in operations()}


def test_every_command_has_a_row() -> None:
    import click

    def leaves(command: click.Command, context: click.Context, words: tuple[str, ...] = ()) -> set[str]:
        if not isinstance(command, click.Group):
            return {" ".join(words)}
        inner = {name: command.get_command(context, name) for name in command.list_commands(context)}
        return {leaf for name, one in inner.items() if one for leaf in leaves(one, click.Context(one, parent=context), (*words, name))}

    assert plain(COMMANDS) == leaves(holdfast, click.Context(holdfast))


def client_of(account: Account) -> Client:
    client = Client()
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def status_of(name: str, cell: str, is_theirs: bool) -> int:
    """The status that a cell promises for a page of a record that is, or is not, within what the person sees."""
    of_no_record = {"access_review", "access_review_csv", "audit_trail_review_new", "difference", "packs_adopt"}
    if cell in {OWN, SIGNS, REFUSED} and not is_theirs and name not in of_no_record:
        return 404
    return {YES: VISITED.get(name, 200), OWN: 200, SIGNS: 200, REFUSED: 403, ABSENT: 404}[cell]


def asked(reaches: dict[str, Any]) -> dict[str, str]:
    """The address of each page on the demonstration; a decision's page once for each question."""
    found = addresses()
    places = {name: found["decide"].replace("/us/", f"/{name[8:-1]}/") for name in reaches if name.startswith("decide (")}
    return {name: places.get(name) or found.get(name) or reverse(name) for name in reaches}


def test_every_page_and_file_answers_every_kind_of_person_as_its_row_says(demo: str) -> None:
    reaches = PAGES | FILES
    pages = asked(reaches)
    batch = int(pages["batch"].split("/")[2])
    wrong = []
    for kind, person in people():
        client = client_of(person.account)
        with viewing(Viewer.person(person.pk)):
            is_theirs = Record.objects.filter(pk=batch).exists()
            # a figure's file is there when some of what it draws is seen
            has_figure = {"trend_file": False, "genealogy_file": False}
            if is_theirs:
                lot = Lot.objects.get(pk=batch)
                has_figure = {
                    "trend_file": results_of_lot(lot).filter(attribute__code="viability").exists(),
                    "genealogy_file": Lot.objects.filter(pk__in=inputs_of(lot).values("parent")).exists(),
                }
        for name, address in pages.items():
            expected = status_of(name, page_cell(kind, reaches[name]), has_figure.get(name, is_theirs))
            found = client.get(address).status_code
            if found != expected:
                wrong.append((kind.name, person.number, name, found, expected))
    assert wrong == []


def test_a_log_in_of_no_person_is_refused_and_nobody_is_sent_to_sign_in(demo: str) -> None:
    refused, visitor = client_of(log_in_of_no_person()), Client()
    for name, address in asked(PAGES | FILES).items():
        cell = page_cell(BY_NAME["log-in of no person"], (PAGES | FILES)[name])
        assert refused.get(address).status_code == status_of(name, cell, is_theirs=True), name
        response = visitor.get(address)
        assert (response.status_code, response.get("Location", "").split("?")[0]) == (302, "/accounts/login/"), name


def test_the_pages_of_ones_own_log_in_are_closed_to_a_visitor_and_what_is_not_offered_is_not_there(demo: str) -> None:
    visitor = Client()
    given = {"mfa_edit_webauthn": {"pk": 1}, "mfa_remove_webauthn": {"pk": 1}, "account_confirm_email": {"key": "x"}}
    given["account_reset_password_from_key"] = {"uidb36": "1", "key": "x"}
    for name, reach in ACCOUNT_PAGES.items():
        response = visitor.get(reverse(name, kwargs=given.get(name)))
        cell = page_cell(BY_NAME["nobody"], reach)
        if name in POSTED_ONLY:
            assert response.status_code == 302, name
        elif cell == YES:
            assert response.status_code == 200, name
        elif cell == ABSENT:
            assert response.status_code == 404, name
        else:
            assert (response.status_code, response["Location"].split("?")[0]) == (302, "/accounts/login/"), name


def test_nobody_reaches_another_log_ins_second_factor(demo: str) -> None:
    from allauth.mfa.models import Authenticator

    owner, other = (person.account for kind, person in people() if kind.name in {"Quality Unit", "QP"})
    key = Authenticator.objects.create(user=owner, type="webauthn", data={"name": "Laptop", "credential": {}}).pk
    client = client_of(other)
    client.post("/accounts/reauthenticate/", {"password": "holdfast-demo-2026"})
    for place in ("edit", "remove"):
        assert client.post(f"/accounts/2fa/webauthn/keys/{key}/{place}/", {"name": "Mine"}).status_code == 404
    assert Authenticator.objects.filter(pk=key).exists()


def test_the_rows_of_the_api_agree_with_the_answers_that_its_own_tests_hold() -> None:
    """For reads; the answer to a write with nothing in it says less. The operation's fact is a laboratory's, its record a CDMO's."""
    names = ["Quality Unit", "administrator", "consultancy that reads", "inspector", "CDMO", "laboratory", "no role"]
    assert len(names) == len(API_KINDS)
    wrong = []
    for operation, answers in API_MATRIX.items():
        if not operation.startswith("GET "):
            continue
        of_a_record = {"404"} if operation.startswith("GET /batches/{key}/") else set()  # a batch that is not there is not there before anything is refused
        for name, answer in zip(names, answers.split(), strict=True):
            cell = api_cell(BY_NAME[name], OPERATIONS[operation])
            promised = {YES: {"200"}, OWN: {"200", "404"}, ABSENT: {"404"}, REFUSED: {"403"} | of_a_record}[cell]
            if answer not in promised:
                wrong.append((operation, name, answer, cell))
    assert wrong == []


def test_the_page_that_is_committed_is_the_one_that_is_made() -> None:
    from holdfast.cli.reference import access
    from holdfast.project.home import clone

    root = clone()
    assert root is not None
    assert (root / "docs" / "reference" / "access.md").read_text("utf-8") == access()


def test_a_person_sees_no_programme_where_the_matrix_says_nothing(demo: str) -> None:
    for kind, person in people():
        with viewing(Viewer.person(person.pk)):
            assert Programme.objects.exists() is (kind.name not in {"role ended", "no role"}), kind.name
