"""What each command does with the record, and who it works for: a command without a row here fails a test."""

from __future__ import annotations

from holdfast.people.kinds import Reach

#: the command's words → whom it works for. Whoever can read the data folder is the operator; a person needs it too, and a signature the signer's identity.
COMMANDS: dict[str, Reach] = {
    "serve": Reach.MACHINE,
    "demo": Reach.MACHINE,
    "import": Reach.MACHINE,
    "programme list": Reach.MACHINE_AS,
    "programme export": Reach.MACHINE_AS,
    "batch list": Reach.MACHINE_AS,
    "batch show": Reach.MACHINE_AS,
    "verdict": Reach.MACHINE_AS,
    "decision sign (us)": Reach.US_DISPOSITION,
    "decision sign (eu)": Reach.EU_CERTIFICATION,
    "decision sign (use)": Reach.SPONSOR_RELEASE,
    "decision export": Reach.MACHINE_AS,
    "verify": Reach.ANYBODY,
    "ledger verify": Reach.MACHINE,
    "ledger seal": Reach.MACHINE,
    "ledger checkpoint": Reach.MACHINE,
    "ledger prove": Reach.MACHINE,
    "keys show": Reach.MACHINE,
    "keys rotate": Reach.MACHINE,
    "backup": Reach.MACHINE,
    "restore": Reach.MACHINE,
    "user list": Reach.MACHINE,
    "user add": Reach.MACHINE,
    "user password": Reach.MACHINE,
    "user role": Reach.MACHINE,
    "user deactivate": Reach.MACHINE,
    "user leave": Reach.MACHINE,
    "user review": Reach.MACHINE,
    "db url": Reach.MACHINE,
}
