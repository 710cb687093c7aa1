"""An exported decision is verified with nothing but the file; every way of altering it is named."""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from holdfast.dossier.archive import read_strictly
from holdfast.dossier.canonical import canonical, sha256
from holdfast.dossier.package import Member, build_package, load_or_make_key, write_zip
from holdfast.dossier.verification import AUTHENTIC, CONSISTENT, INCONSISTENT, verify_package
from holdfast.kernel.checkpoint import read_checkpoint, sign_checkpoint
from holdfast.ledger.access import Viewer, viewing
from holdfast.release.export import export_decision
from holdfast.release.models import Decision
from tests.conftest import copied_database

pytestmark = [pytest.mark.req("2.10")]
SEALED = {"manifest.json", "manifest.sig", "public-key.pem"}


@pytest.fixture(scope="module")
def exported(server: Any, demo_template: str, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, bytes]:
    """The export of the demonstration's EU certification, and the public key it is signed with."""
    keys = tmp_path_factory.mktemp("keys")
    with copied_database(server, demo_template, django_db_blocker), viewing(Viewer.operator()):
        decision = Decision.objects.get(lot__record__number="DP-26-007", question="eu_certification")
        content = export_decision(decision, keys)
    return content, (keys / "export-key.pub.pem").read_bytes()


def rezip(members: dict[str, bytes]) -> bytes:
    return write_zip([Member(name, content) for name, content in members.items()])


def failing(content: bytes, key: bytes | None = None) -> list[str]:
    """What verification says does not hold."""
    report = verify_package(content, key)
    assert report.conclusion == INCONSISTENT
    return [f"{line.what}: {line.detail}" for line in report.lines if not line.holds]


def test_an_untouched_export_is_consistent_and_with_the_key_authentic(exported: tuple[bytes, bytes]) -> None:
    content, key = exported
    assert verify_package(content).conclusion == CONSISTENT
    assert verify_package(content, key).conclusion == AUTHENTIC
    assert len(verify_package(content).key_fingerprint.replace(" ", "")) == 64


def test_a_flipped_byte_in_any_member_is_named(exported: tuple[bytes, bytes]) -> None:
    members = read_strictly(exported[0])
    for name, content in members.items():
        flipped = bytearray(content)
        flipped[len(flipped) // 2] ^= 0x01
        told = failing(rezip({**members, name: bytes(flipped)}))
        assert told
        if name not in SEALED:
            assert any(line.startswith(f"{name} is unchanged") for line in told), (name, told)


def test_a_dropped_member_is_named(exported: tuple[bytes, bytes]) -> None:
    members = read_strictly(exported[0])
    for name in members:
        told = failing(rezip({n: c for n, c in members.items() if n != name}))
        assert any(name in line for line in told) or (name in SEALED and told)


def test_an_added_member_is_named(exported: tuple[bytes, bytes]) -> None:
    members = read_strictly(exported[0])
    assert failing(rezip({**members, "packs/another.yaml": b"x"})) == ["packs/another.yaml belongs to the file: added: the manifest does not name it"]


def test_every_swap_of_two_members_is_named(exported: tuple[bytes, bytes]) -> None:
    members = read_strictly(exported[0])
    for one, other in itertools.combinations(members, 2):
        told = failing(rezip({**members, one: members[other], other: members[one]}))
        assert told, (one, other)
        if not {one, other} & SEALED:
            assert sum(line.split(" is unchanged")[0] in {one, other} for line in told) == 2


@pytest.mark.parametrize(
    "altered",
    [
        lambda c: b"x" + c,
        lambda c: c + b"x",
        lambda c: c[:-1],
        lambda c: c[: len(c) // 2],
        lambda c: c[:30] + b"x" + c[30:],
        lambda c: c[:10] + b"\xff" + c[11:],
        lambda c: c[:-22] + c[-22:-2] + b"\x05\x00hello",
        lambda c: b"",
    ],
)
def test_bytes_outside_members_are_named(exported: tuple[bytes, bytes], altered: Any) -> None:
    assert failing(altered(exported[0]))[0].startswith("The file is exactly as Holdfast writes it")


def test_a_forgery_signed_with_a_new_key_is_consistent_at_most_and_never_authentic(exported: tuple[bytes, bytes]) -> None:
    content, key = exported
    forger = Ed25519PrivateKey.generate()
    members = {n: c for n, c in read_strictly(content).items() if n not in SEALED}
    assert failing(build_package([Member(n, c) for n, c in members.items()], forger))[0].startswith("The ledger's checkpoint is signed by the same key")
    proof = json.loads(members["ledger.json"])
    honest = read_checkpoint(proof["checkpoint"])
    proof["checkpoint"] = sign_checkpoint(honest.origin, honest.size, honest.root, honest.issued_at, [forger]).text
    forged = build_package([Member(n, c) for n, c in (members | {"ledger.json": canonical(proof)}).items()], forger)
    assert verify_package(forged).conclusion == CONSISTENT
    assert verify_package(forged).key_fingerprint != verify_package(content).key_fingerprint
    told = failing(forged, key)
    assert [line.split(":")[0] for line in told] == ["The manifest is signed by the key you gave", "The ledger's checkpoint is signed by the same key"]


@pytest.mark.req("3.1")
@pytest.mark.parametrize(
    ("alter", "says"),
    [
        (lambda p: p | {"index": p["index"] + 1}, "The decision's change set stands in the ledger at that checkpoint"),
        (lambda p: p | {"inclusion": p["inclusion"][:-1]}, "The decision's change set stands in the ledger at that checkpoint"),
        (lambda p: p | {"inclusion": ["00" * 32, *p["inclusion"][1:]]}, "The decision's change set stands in the ledger at that checkpoint"),
        (lambda p: p | {"statement": p["statement"].replace("Femke", "Quinn")}, "The decision's change set stands in the ledger at that checkpoint"),
        (lambda p: p | {"images": p["images"][1:]}, "The change set's images are those that the ledger sealed"),
        (lambda p: p | {"images": p["images"][::-1]}, "The change set's images are those that the ledger sealed"),
        (lambda p: p | {"checkpoint": p["checkpoint"].replace("issued 2026", "issued 2025")}, "The ledger's checkpoint is signed by the same key"),
        (lambda p: p | {"checkpoint": "nothing"}, "The ledger's checkpoint can be read"),
    ],
)
def test_an_altered_proof_of_the_place_in_the_ledger_is_named(exported: tuple[bytes, bytes], alter: Any, says: str) -> None:
    proof = json.loads(read_strictly(exported[0])["ledger.json"])
    told = failing(resigned(exported[0], ledger__json=canonical(alter(proof))))
    assert any(line.startswith(says) for line in told), told


def resigned(content: bytes, **changed: bytes) -> bytes:
    """The same members with some replaced, sealed anew as a forger would."""
    members = {n: c for n, c in read_strictly(content).items() if n not in SEALED}
    members |= {name.replace("__", "."): value for name, value in changed.items()}
    return build_package([Member(n, c) for n, c in members.items()], Ed25519PrivateKey.generate())


def test_a_dossier_improved_by_a_forger_no_longer_is_what_was_signed(exported: tuple[bytes, bytes]) -> None:
    dossier = json.loads(read_strictly(exported[0])["dossier.json"])
    dossier["specification"]["tests"][2]["results"][0]["reported"] = "99.9"
    told = failing(resigned(exported[0], dossier__json=canonical(dossier)))
    assert any("Femke Waterman signed names this dossier" in line for line in told)


def test_a_verdict_improved_by_a_forger_is_not_what_the_dossier_gives(exported: tuple[bytes, bytes]) -> None:
    verdict = json.loads(read_strictly(exported[0])["verdict.json"])
    verdict["rules"][0]["says"] = "All is well."
    told = failing(resigned(exported[0], verdict__json=canonical(verdict)))
    assert any(line.startswith("The verdict, judged again from the dossier") and verdict["rules"][0]["id"] in line for line in told)
    assert any(line.startswith("The decision is what was signed: differs in: verdict") for line in told)


def test_another_outcome_or_signer_is_not_what_was_signed(exported: tuple[bytes, bytes]) -> None:
    for field, value in (("outcome", "refused"), ("signer", "Somebody Else"), ("batch", "DP-26-004")):
        decision = json.loads(read_strictly(exported[0])["decision.json"])
        decision[field] = value
        assert failing(resigned(exported[0], decision__json=canonical(decision)))


def test_a_signature_replaced_whole_still_has_to_fit_the_images(exported: tuple[bytes, bytes]) -> None:
    images = json.loads(read_strictly(exported[0])["images.json"])
    for image in images:
        if image["table"] == "release_decision":
            image["after"]["outcome"] = "refused"
    told = failing(resigned(exported[0], images__json=canonical(images)))
    assert [line.split(":")[0] for line in told] == [
        "The ledger's images of the decision agree with it",
        "The ledger's checkpoint is signed by the same key",
    ]


def test_the_same_decision_exports_to_the_same_bytes(exported: tuple[bytes, bytes]) -> None:
    members = read_strictly(exported[0])
    assert rezip(members) == exported[0]
    assert sha256(members["dossier.json"]) == json.loads(json.loads(members["signatures.json"])[0]["content"])["dossier_digest"]


def test_the_command_needs_no_database_and_no_django_and_its_exit_code_says_what_holds(exported: tuple[bytes, bytes], tmp_path: Path) -> None:
    good, bad, key = tmp_path / "good.zip", tmp_path / "bad.zip", tmp_path / "key.pem"
    good.write_bytes(exported[0])
    bad.write_bytes(exported[0] + b"x")
    key.write_bytes(exported[1])
    script = "import sys\nsys.modules['django'] = None\nsys.modules['psycopg'] = None\nfrom holdfast.cli.verify import verify\nverify(sys.argv[1:])"

    def run(*arguments: str) -> tuple[int, dict[str, Any] | None]:
        done = subprocess.run([sys.executable, "-c", script, *arguments, "--json"], capture_output=True, text=True)
        return done.returncode, json.loads(done.stdout) if done.stdout else None

    code, told = run(str(good), "--key", str(key))
    assert (code, told and told["conclusion"]) == (0, AUTHENTIC)
    code, told = run(str(bad))
    assert (code, told and told["conclusion"]) == (1, INCONSISTENT)
    assert run(str(tmp_path / "absent.zip")) == (2, None)


def test_the_export_key_is_made_once_and_kept_private(tmp_path: Path) -> None:
    first, second = load_or_make_key(tmp_path / "keys"), load_or_make_key(tmp_path / "keys")
    raw = [k.private_bytes(serialization.Encoding.Raw, serialization.PrivateFormat.Raw, serialization.NoEncryption()) for k in (first, second)]
    assert raw[0] == raw[1]
    assert (tmp_path / "keys" / "export-key.pem").stat().st_mode & 0o777 == 0o600
