"""Request one URL once, as one role, and describe the result: a word for the response, and a + if a row has changed.

ok   answered with 200              in   redirected to the sign-in        no   forbidden (403)
go   redirected to another page     404, 405, 400, 409, …                 + at the end: a row was written

Before these words, a row of tests/access/rows/ has the method, what was sent, and the stages of the article, or - if
the URL belongs to no article.
"""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction
from django.http import HttpResponse

from tests.access.scene import Scene

# Written by the mere fact that somebody is signed in.
NOT_COUNTED = {"django_session"}
FROM_OUR_PAGE = {"Origin": settings.SITE_URL}
WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE")


class Undo(Exception):
    """Raised to roll back what a request has written, so that the next request finds the same scene."""


def digest() -> str:
    """Return one number for all rows of all tables."""
    total = hashlib.sha256()
    with connection.cursor() as cursor:
        for table in sorted(set(connection.introspection.table_names(cursor)) - NOT_COUNTED):
            if table.startswith(("sqlite_", "articles_search")) and "_" in table[len("articles_search") :]:
                continue
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            total.update(table.encode())
            total.update("\n".join(sorted(map(repr, cursor.fetchall()))).encode(errors="replace"))
    return total.hexdigest()


@contextmanager
def watched() -> Iterator[list[str]]:
    """Record each statement that writes to one of the tables that count."""
    seen: list[str] = []

    def look(execute, sql: str, params, many: bool, context: dict):
        result = execute(sql, params, many, context)
        if sql.lstrip().upper().startswith(WRITES) and not any(table in sql for table in NOT_COUNTED):
            seen.append(sql)
        return result

    with connection.execute_wrapper(look):
        yield seen


def ask(
    scene: Scene,
    role: str,
    method: str,
    address: str,
    data: dict | None,
    before: str,
    judge: Callable[[HttpResponse], None] = lambda answer: None,
) -> str:
    """Return the word for what this role gets. `before` is the digest of the scene; what was written is rolled back.

    `judge` is called with the response.
    """
    cache.clear()
    client = scene.client(role)
    word = ""
    try:
        with transaction.atomic():
            with watched() as statements:
                answer = (
                    client.generic(method, address)
                    if data is None
                    else client.post(address, data, headers=FROM_OUR_PAGE)
                )
            if answer.streaming:
                list(answer.streaming_content)  # closes the file behind it
            judge(answer)
            changed = bool(statements) and digest() != before
            word = said(answer) + ("+" if changed else "")
            raise Undo
    except Undo:
        return word


def look(scene: Scene, role: str, method: str, address: str) -> HttpResponse:
    """Return the response; what was written is rolled back."""
    cache.clear()
    found: list[HttpResponse] = []
    try:
        with transaction.atomic():
            found.append(getattr(scene.client(role), method)(address))
            if found[0].streaming:
                list(found[0].streaming_content)
            raise Undo
    except Undo:
        return found[0]


def said(answer: HttpResponse) -> str:
    """Return the word for a response."""
    if answer.status_code in (301, 302, 303, 307, 308):
        leads_in = ("/account/sign-in/", "/admin/login/", "/account/confirm/")
        return "in" if answer.headers["Location"].startswith(leads_in) else "go"
    return {200: "ok", 403: "no"}.get(answer.status_code, str(answer.status_code))
