"""What the pages offer, and to whom: a page without a row here fails a test, and so does one that answers otherwise."""

from __future__ import annotations

from holdfast.people.kinds import Reach

#: name of the page → who gets it. Files that a page hands out are rows of their own.
PAGES: dict[str, Reach] = {
    "board": Reach.PERSON,
    "batch": Reach.RECORD,
    "trend": Reach.RECORD,
    "trends": Reach.PERSON,
    "product_trends": Reach.PROGRAMME,
    "attribute_trend": Reach.PROGRAMME,
    "product_review": Reach.WHOLE,  # a part is no review
    "decide (us)": Reach.US_DISPOSITION,
    "decide (eu)": Reach.EU_CERTIFICATION,
    "decide (use)": Reach.SPONSOR_RELEASE,
    "record": Reach.RECORD,
    "entry": Reach.PERSON,
    "fact": Reach.RECORD,
    "links": Reach.RECORD,
    "pin": Reach.PERSON,
    "search": Reach.PERSON,
    "start": Reach.PERSON,
    "walk": Reach.PERSON,
    "glossary": Reach.PERSON,
    "palette": Reach.PERSON,
    "keep_view": Reach.PERSON,
    "decision": Reach.WHOLE,
    "programme_map": Reach.PERSON,
    "ledger": Reach.PERSON,
    "change_set": Reach.WHOLE,
    "audit_trail_reviews": Reach.PERSON,
    "import": Reach.PERSON,
    "import_checked": Reach.PERSON,
    "audit_trail_review_new": Reach.QUALITY,
    "audit_trail_review": Reach.WHOLE,
    "access_review": Reach.QUALITY,
    "preferences": Reach.LOG_IN,
    "pattern": Reach.PERSON,
}
FILES: dict[str, Reach] = {
    "import_errors": Reach.PERSON,
    "trend_file": Reach.WHOLE,  # the figure is of every batch of the programme
    "attribute_trend_file": Reach.WHOLE,  # who sees a part of the programme has no charts
    "genealogy_file": Reach.WHOLE,
    "programme_map_file": Reach.PROGRAMME,
    "source_file": Reach.WHOLE,
    "certificate": Reach.WHOLE,
    "export": Reach.WHOLE,
    "access_review_csv": Reach.QUALITY,
}
#: the sign-in library's pages, which are about one's own log-in
ACCOUNT_PAGES: dict[str, Reach] = {
    "account_login": Reach.ANYBODY,
    "account_inactive": Reach.ANYBODY,
    "account_logout": Reach.LOG_IN,
    "account_reauthenticate": Reach.LOG_IN,
    "account_change_password": Reach.LOG_IN,
    "mfa_index": Reach.LOG_IN,
    "mfa_authenticate": Reach.LOG_IN,
    "mfa_reauthenticate": Reach.LOG_IN,
    "mfa_activate_totp": Reach.LOG_IN,
    "mfa_deactivate_totp": Reach.LOG_IN,
    "mfa_view_recovery_codes": Reach.LOG_IN,
    "mfa_generate_recovery_codes": Reach.LOG_IN,
    "mfa_download_recovery_codes": Reach.LOG_IN,
    "mfa_list_webauthn": Reach.LOG_IN,
    "mfa_add_webauthn": Reach.LOG_IN,
    "mfa_edit_webauthn": Reach.LOG_IN,
    "mfa_remove_webauthn": Reach.LOG_IN,
    "mfa_reauthenticate_webauthn": Reach.LOG_IN,
    "mfa_login_webauthn": Reach.ANYBODY,
    "usersessions_list": Reach.LOG_IN,
    "account_signup": Reach.CLOSED,
    "account_email": Reach.CLOSED,
    "account_email_verification_sent": Reach.CLOSED,
    "account_confirm_email": Reach.CLOSED,
    "account_confirm_login_code": Reach.CLOSED,
    "account_set_password": Reach.CLOSED,
    "account_reset_password": Reach.CLOSED,
    "account_reset_password_done": Reach.CLOSED,
    "account_reset_password_from_key": Reach.CLOSED,
    "account_reset_password_from_key_done": Reach.CLOSED,
}
