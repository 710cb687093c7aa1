"""The tree against the known hashes of the certificate-transparency reference, and its proofs against every small tree."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from holdfast.kernel import merkle
from holdfast.kernel.checkpoint import NotACheckpoint, is_signed_by, read_checkpoint, sign_checkpoint

pytestmark = [pytest.mark.req("3.1")]

#: leaves and roots of the reference tree of google/certificate-transparency (merkle_tree_test), used by every implementation since
LEAVES = [bytes.fromhex(x) for x in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def hashed(count: int) -> list[bytes]:
    return [merkle.leaf_hash(bytes([n])) for n in range(count)]


@pytest.mark.parametrize("size", range(9))
def test_roots_are_those_of_the_reference_tree(size: int) -> None:
    leaves = [merkle.leaf_hash(content) for content in LEAVES[:size]]
    assert merkle.root_hash(size, merkle.node_at_of(leaves)).hex() == ROOTS[size]


def test_every_inclusion_proof_of_every_small_tree_holds_and_no_altered_one_does() -> None:
    for size in range(1, 34):
        leaves = hashed(size)
        node_at = merkle.node_at_of(leaves)
        root = merkle.root_hash(size, node_at)
        for index in range(size):
            proof = merkle.inclusion_proof(index, size, node_at)
            assert merkle.verify_inclusion(leaves[index], index, size, proof, root)
            assert not merkle.verify_inclusion(merkle.leaf_hash(b"forged"), index, size, proof, root)
            assert not merkle.verify_inclusion(leaves[index], index + 1, size, proof, root)
            assert not merkle.verify_inclusion(leaves[index], index, size, [*proof, root], root)
            if proof:
                assert not merkle.verify_inclusion(leaves[index], index, size, proof[:-1], root)
                assert not merkle.verify_inclusion(leaves[index], index, size, [bytes(32), *proof[1:]], root)


def test_every_consistency_proof_of_every_small_tree_holds_and_no_altered_one_does() -> None:
    leaves = hashed(33)
    node_at = merkle.node_at_of(leaves)
    for size in range(34):
        for old in range(size + 1):
            proof = merkle.consistency_proof(old, size, node_at)
            roots = merkle.root_hash(old, node_at), merkle.root_hash(size, node_at)
            assert merkle.verify_consistency(old, size, *roots, proof)
            if 0 < old < size:
                assert not merkle.verify_consistency(old, size, hashlib.sha256(b"other").digest(), roots[1], proof)
                assert not merkle.verify_consistency(old, size, roots[0], hashlib.sha256(b"other").digest(), proof)
                assert not merkle.verify_consistency(old, size, *roots, proof[:-1])
                assert not merkle.verify_consistency(old, size, *roots, [*proof, bytes(32)])


@given(st.lists(st.binary(max_size=40), min_size=1, max_size=70), st.data())
@settings(deadline=None)
def test_a_tree_that_grows_keeps_its_beginning_and_a_rewritten_leaf_breaks_it(contents: list[bytes], data: st.DataObject) -> None:
    leaves = [merkle.leaf_hash(content) for content in contents]
    old = data.draw(st.integers(1, len(leaves)))
    changed = data.draw(st.integers(0, old - 1))
    before = merkle.root_hash(old, merkle.node_at_of(leaves[:old]))
    rewritten = [*leaves[:changed], merkle.leaf_hash(contents[changed] + b"!"), *leaves[changed + 1 :]]
    for after, holds in ((leaves, True), (rewritten, False)):
        node_at = merkle.node_at_of(after)
        proof = merkle.consistency_proof(old, len(after), node_at)
        assert merkle.verify_consistency(old, len(after), before, merkle.root_hash(len(after), node_at), proof) is holds


def test_a_leaf_is_no_node() -> None:
    left, right = hashed(2)
    assert merkle.leaf_hash(left + right) != merkle.node_hash(left, right)


MOMENT = datetime(2026, 11, 24, 9, tzinfo=UTC)


def test_a_checkpoint_survives_being_written_and_read_and_names_its_key() -> None:
    key, other = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
    made = sign_checkpoint("holdfast/test", 8, bytes.fromhex(ROOTS[8]), MOMENT, [key])
    read = read_checkpoint(made.text)
    assert read == made
    assert made.text.splitlines()[:3] == ["holdfast/test", "8", "XcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg="]
    assert is_signed_by(read, key.public_key())
    assert not is_signed_by(read, other.public_key())


@pytest.mark.parametrize(
    "alter",
    [
        lambda text: text.replace("\n8\n", "\n9\n"),
        lambda text: text.replace("holdfast/test\n", "holdfast/toast\n", 1),
        lambda text: text.replace("2026", "2025"),
        lambda text: text.replace("XcnaeacG", "XcnaeacH"),
    ],
)
def test_an_altered_checkpoint_is_signed_by_nobody(alter: object) -> None:
    key = Ed25519PrivateKey.generate()
    text = alter(sign_checkpoint("holdfast/test", 8, bytes.fromhex(ROOTS[8]), MOMENT, [key]).text)  # type: ignore[operator]
    assert not is_signed_by(read_checkpoint(text), key.public_key())


@pytest.mark.parametrize(
    "text", ["", "x", "a\n1\nAAAA\nissued 2026-01-01\n\n", "a\n-1\n" + "A" * 43 + "=\nissued 2026-01-01T00:00:00+00:00\n\n— a AAAA\n", "a\nb\nc\nd\n\n— x y\n"]
)
def test_what_is_no_checkpoint_is_refused_in_words(text: str) -> None:
    with pytest.raises(NotACheckpoint):
        read_checkpoint(text)
