"""Say why a difference between two registrations is there, who owns it, and what becomes of it."""

from __future__ import annotations

from dataclasses import dataclass

from holdfast.kernel.clock import today
from holdfast.kernel.errors import Refused
from holdfast.ledger.actions import store_rows
from holdfast.ledger.changes import OpenChangeSet
from holdfast.people.models import Person
from holdfast.people.policy import may_class_differences, roles_held
from holdfast.programme.models import AlignmentDecision, DifferenceClass, DifferenceDecision, Product, Registration
from holdfast.programme.queries.alignment import ClassedDifference, alignment_of

WHO = "Why two registrations differ is said by a CMC lead, regulatory affairs, the Quality Unit or a QP of the programme. You hold no such role."


@dataclass(frozen=True)
class WhichDifference:
    """A difference as a person names it: the two registrations, the subject (an attribute's code, a storage condition, or blank), the aspect."""

    left: str
    right: str
    subject: str
    aspect: str

    def __str__(self) -> str:
        return f"{self.aspect} of {self.subject or 'the product'} between {self.left} and {self.right}"


def class_difference(
    change_set: OpenChangeSet,
    product: Product,
    which: WhichDifference,
    *,
    difference_class: str,
    owner: Person,
    rationale: str,
    decision: str = DifferenceDecision.UNDECIDED,
    seen: tuple[str, str] | None = None,
) -> AlignmentDecision:
    """Class a difference that is there today.

    `seen` are the two values that the person saw, where a screen showed them. Raises `Refused` when there is no such difference, when a value
    changed since it was seen, when class, decision or rationale is missing or no word of the list, or when the person's roles are for other work.
    """
    _check_person(change_set, product)
    _check_words(difference_class, decision, rationale)
    found = _present(product, which)
    if seen is not None and seen != (found.difference.left, found.difference.right):
        raise Refused(f"The {which} has changed since you saw it: {found.difference.left} against {found.difference.right}. Look again.")
    registrations = {row.record.number: row for row in Registration.objects.filter(product=product, record__voided_at__isnull=True).select_related("record")}
    row = {
        "left": registrations[which.left], "right": registrations[which.right], "subject": which.subject, "aspect": which.aspect,
        "left_value": found.difference.left, "right_value": found.difference.right, "difference_class": difference_class, "owner": owner,
        "decision": decision, "rationale": rationale.strip(), "decided_on": today(),
    }  # fmt: skip
    return AlignmentDecision.objects.get(pk=store_rows(change_set, AlignmentDecision, [row]).keys[0])


def _check_person(change_set: OpenChangeSet, product: Product) -> None:
    """The operator of the machine answers for what they do; a person needs a role for it."""
    if change_set.actor.person_id is None:
        return
    person = Person.objects.get(pk=change_set.actor.person_id)
    if not may_class_differences(roles_held(person, product.programme, today())):
        raise Refused(WHO)


def _check_words(difference_class: str, decision: str, rationale: str) -> None:
    if difference_class not in DifferenceClass.values:
        raise Refused(f"{difference_class!r} is no class of difference. Use: {', '.join(DifferenceClass.values)}.")
    if decision not in DifferenceDecision.values:
        raise Refused(f"{decision!r} is no decision. Use: {', '.join(DifferenceDecision.values)}.")
    if not rationale.strip():
        raise Refused("A difference is classed with a rationale: say why it is there.")


def _present(product: Product, which: WhichDifference) -> ClassedDifference:
    for pair in alignment_of(product, today()).pairs:
        if (pair.left.name, pair.right.name) == (which.left, which.right):
            for one in pair.differences:
                if one.difference.key == (which.subject, which.aspect):
                    return one
            if any(one.key == (which.subject, which.aspect) for one in pair.cannot_tell):
                raise Refused(f"Nobody can tell whether the {which} differs: record what is missing first.")
    raise Refused(f"There is no difference in the {which} today.")


__all__ = ["WHO", "WhichDifference", "class_difference"]
