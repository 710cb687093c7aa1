"""The Merkle tree of RFC 6962 section 2: hashes, roots, inclusion and consistency proofs. SHA-256, pure, without storage.

A tree is read through `NodeAt`: the hash of a *complete* subtree, by level (0: leaves) and index. Complete subtrees never change when the
tree grows, so they can be stored once. Verification follows RFC 9162 sections 2.1.3.2 and 2.1.4.2, which restate RFC 6962's proofs as algorithms.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence

NodeAt = Callable[[int, int], bytes]
EMPTY_ROOT = hashlib.sha256(b"").digest()


def leaf_hash(content: bytes) -> bytes:
    """Hash of a leaf: SHA-256(0x00 || content)."""
    return hashlib.sha256(b"\x00" + content).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash of an inner node: SHA-256(0x01 || left || right). The other prefix keeps a node from passing for a leaf."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def complete_levels(leaves: Sequence[bytes]) -> list[list[bytes]]:
    """Hashes of every complete subtree, level by level; level 0 is the leaf hashes given."""
    levels = [list(leaves)]
    while len(levels[-1]) > 1:
        below = levels[-1]
        levels.append([node_hash(below[i], below[i + 1]) for i in range(0, len(below) - 1, 2)])
    return levels


def node_at_of(leaves: Sequence[bytes]) -> NodeAt:
    """A reader of the complete subtrees over leaf hashes held in memory."""
    levels = complete_levels(leaves)
    return lambda level, index: levels[level][index]


def root_hash(size: int, node_at: NodeAt) -> bytes:
    """Root of the first `size` leaves."""
    return EMPTY_ROOT if size == 0 else _subtree(0, size, node_at)


def inclusion_proof(index: int, size: int, node_at: NodeAt) -> list[bytes]:
    """PATH(index, D[size]): the audit path from a leaf to the root, lowest first. Raises `ValueError` when the leaf is not in the tree."""
    if not 0 <= index < size:
        raise ValueError(f"Leaf {index} is not in a tree of {size}.")
    return _path(index, 0, size, node_at)


def consistency_proof(old: int, size: int, node_at: NodeAt) -> list[bytes]:
    """PROOF(old, D[size]): that the tree of `old` leaves is the beginning of the tree of `size`. Empty when there is nothing to prove."""
    if not 0 <= old <= size:
        raise ValueError(f"A tree of {old} is not the beginning of a tree of {size}.")
    return [] if old in (0, size) else _subproof(old, 0, size, True, node_at)


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether the proof leads from a leaf hash at an index to the root of a tree of `size` (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    position, last, found = index, size - 1, leaf
    for step in proof:
        if last == 0:
            return False
        if position & 1 or position == last:
            found = node_hash(step, found)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            found = node_hash(found, step)
        position, last = position >> 1, last >> 1
    return last == 0 and found == root


def verify_consistency(old: int, size: int, old_root: bytes, root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether the proof shows that the tree with `old_root` is the beginning of the tree with `root` (RFC 9162, 2.1.4.2)."""
    if not 0 <= old <= size:
        return False
    if old == size:
        return not proof and old_root == root
    if old == 0:
        return not proof and old_root == EMPTY_ROOT
    return bool(proof) and _leads_to_both(old, size, old_root, root, list(proof))


def _leads_to_both(old: int, size: int, old_root: bytes, root: bytes, steps: list[bytes]) -> bool:
    if old & (old - 1) == 0:
        steps.insert(0, old_root)
    position, last = old - 1, size - 1
    while position & 1:
        position, last = position >> 1, last >> 1
    of_old = of_new = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if position & 1 or position == last:
            of_old, of_new = node_hash(step, of_old), node_hash(step, of_new)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            of_new = node_hash(of_new, step)
        position, last = position >> 1, last >> 1
    return last == 0 and of_old == old_root and of_new == root


def _split(size: int) -> int:
    """The largest power of two below `size`."""
    return 1 << ((size - 1).bit_length() - 1)


def _subtree(start: int, size: int, node_at: NodeAt) -> bytes:
    if size & (size - 1) == 0:
        level = size.bit_length() - 1
        return node_at(level, start >> level)
    left = _split(size)
    return node_hash(_subtree(start, left, node_at), _subtree(start + left, size - left, node_at))


def _path(index: int, start: int, size: int, node_at: NodeAt) -> list[bytes]:
    if size == 1:
        return []
    left = _split(size)
    if index < left:
        return [*_path(index, start, left, node_at), _subtree(start + left, size - left, node_at)]
    return [*_path(index - left, start + left, size - left, node_at), _subtree(start, left, node_at)]


def _subproof(old: int, start: int, size: int, whole: bool, node_at: NodeAt) -> list[bytes]:
    if old == size:
        return [] if whole else [_subtree(start, size, node_at)]
    left = _split(size)
    if old <= left:
        return [*_subproof(old, start, left, whole, node_at), _subtree(start + left, size - left, node_at)]
    return [*_subproof(old - left, start + left, size - left, False, node_at), _subtree(start, left, node_at)]
