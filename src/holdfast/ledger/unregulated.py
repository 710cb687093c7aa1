"""Tables that are not regulated, each with the reason. A table that is in neither place fails a test."""

UNREGULATED: dict[str, str] = {
    "ledger_changeset": "the ledger itself: written by the database's own functions only",
    "ledger_rowchange": "the ledger itself: written by the capture trigger only",
    "ledger_pendingchangeset": "the marker of an open change set, and the queue of the sequencer: written by the database's own functions only",
    "ledger_leaf": "the Merkle tree over change sets: written by the sequencer only",
    "ledger_treenode": "the Merkle tree over change sets: written by the sequencer only",
    "ledger_keptcheckpoint": "checkpoints that were issued: added by whoever prints or exports, each under the installation's signature",
    "people_account": "log-in accounts say who may try to sign in, never what was done (see THREAT_MODEL.md)",
    "people_account_groups": "part of the log-in account; no authority is taken from groups",
    "people_account_user_permissions": "part of the log-in account; no authority is taken from permissions",
    "people_signingattempt": "counts failed attempts so that processes share a lock-out; each refusal is also in the ledger",
    "auth_group": "Django's own; no authority is taken from groups",
    "auth_group_permissions": "Django's own; no authority is taken from groups",
    "auth_permission": "Django's own; no authority is taken from permissions",
    "django_content_type": "Django's own catalogue of models",
    "django_migrations": "Django's own list of applied migrations",
    "django_session": "browser sessions: short-lived, no fact about a product",
    "django_admin_log": "not installed; listed so that its return is noticed",
    "account_emailaddress": "allauth: an e-mail address of a log-in account",
    "account_emailconfirmation": "allauth: a pending confirmation of an e-mail address",
    "mfa_authenticator": "allauth: the second factor of a log-in account",
}
