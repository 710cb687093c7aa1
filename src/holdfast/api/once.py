"""One write a key: the first answer is kept in the write's own transaction, and given again to who asks again."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from datetime import timedelta

from django.db import IntegrityError, OperationalError, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac
from psycopg.pq import TransactionStatus

from holdfast.kernel.clock import now
from holdfast.ledger.changes import sqlstate
from holdfast.people.models import Account, ApiAnswer

from .problems import problem

HEADER = "Idempotency-Key"
KEPT = timedelta(days=7)
MOST_SWEPT = 100
WAIT = "5s"
LOCK_NOT_AVAILABLE = "55P03"
WELL_FORMED = re.compile(r"[\x21-\x7e]{8,200}")


def answer_once(request: HttpRequest, account: Account, respond: Callable[[HttpRequest], HttpResponse]) -> HttpResponse:
    """Answer a write, or give the answer that the same person's same request with the same key was given before.

    Runs in the write's transaction: the row that claims the key is seen by others only with what was written. A duplicate that comes meanwhile waits a
    few seconds for the first, and is then answered like it, or told to come back (409). An answer of 500 and above is not kept, nor is what it wrote.
    """
    key = request.headers.get(HEADER, "")
    if not WELL_FORMED.fullmatch(key):
        said = f"A write needs the header {HEADER}: 8 to 200 visible ASCII characters, new for each thing you do."
        return problem(400, "no_idempotency_key", said, advice="Send a new UUID; to ask again for the same thing, send the same one.")
    digest = digest_of(request)
    try:
        claimed = _claim(account, key, digest)
    except OperationalError as error:
        if sqlstate(error) != LOCK_NOT_AVAILABLE:
            raise
        said = "The first request with this key is still being answered."
        return problem(409, "still_answering", said, advice="Ask again with the same key.", headers={"Retry-After": "5"})
    if claimed is None:
        return _again(account, key, digest)
    before = transaction.savepoint()
    response = respond(request)
    if connection.connection.info.transaction_status == TransactionStatus.INERROR:  # the database refused something, and the refusal is the answer
        transaction.savepoint_rollback(before)
        transaction.set_rollback(False)
    if response.status_code < 500:
        _keep(claimed, response, getattr(request, "withheld", frozenset()))
    return response


def digest_of(request: HttpRequest) -> str:
    """What makes two requests the same, under a key of the installation: a body may hold a password."""
    body = getattr(request, "upload", None)
    content = hashlib.sha256(request.body if body is None else body).hexdigest()
    parts = [request.method or "", request.get_full_path(), request.content_type or "", content]
    return salted_hmac("holdfast.api.once", "\0".join(parts), algorithm="sha256").hexdigest()


def _claim(account: Account, key: str, digest: str) -> ApiAnswer | None:
    """Claim a key; None when it is taken. Waits for another request that is claiming it."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = '{WAIT}'")
            _sweep(account, key)
            claimed = ApiAnswer.objects.create(account=account, key=key, request_digest=digest, asked_at=now())
            cursor.execute("SET LOCAL lock_timeout TO DEFAULT")
            return claimed
    except IntegrityError:
        return None


def _sweep(account: Account, key: str) -> None:
    """Forget answers that are old, this key's in any case, and leave those that another request is forgetting."""
    old = ApiAnswer.objects.filter(asked_at__lt=now() - KEPT)
    old.filter(account=account, key=key).delete()
    ApiAnswer.objects.filter(pk__in=list(old.select_for_update(skip_locked=True).values_list("pk", flat=True)[:MOST_SWEPT])).delete()


def _keep(claimed: ApiAnswer, response: HttpResponse, withheld: frozenset[str]) -> None:
    body = response.content
    if withheld and response.status_code < 300:
        body = json.dumps({name: None if name in withheld else value for name, value in json.loads(body).items()}).encode()
    claimed.status, claimed.media_type, claimed.body = response.status_code, response.get("Content-Type", ""), body
    claimed.save(update_fields=["status", "media_type", "body"])


def _again(account: Account, key: str, digest: str) -> HttpResponse:
    kept = ApiAnswer.objects.get(account=account, key=key)
    if kept.request_digest != digest:
        said = "This key was used for another request within seven days. Nothing was done."
        return problem(422, "key_used_otherwise", said, advice="Send a new key for a new thing.")
    return HttpResponse(bytes(kept.body), status=kept.status, content_type=kept.media_type, headers={"Idempotency-Replayed": "true"})
