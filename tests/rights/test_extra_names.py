"""What a form does not offer can't be set by it: each form is sent as it stands, and with more.

The more is the name of every column of every table, keys of others and of the session among them.
Sent twice from the same state, nothing else may come of the second.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.test import Client
from tests.rights.conftest import HERE, enter
from tests.rights.planting import plant
from tests.rights.test_forgeries import doors, film

from plainview.domains.accounts.models import Role, User
from plainview.privacy.gate.duties import duty

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.soak]
MARK = "zz mass zz"
TYPED = {
    "email": "typed@lantern.example",
    "number": "3",
    "date": "2020-02-02",
    "url": "https://x.example/",
    "password": "a lantern in the rain",
}


class Forms(HTMLParser):
    """The forms of a page: where they go, what stands in them, and its links."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[tuple[str, str, dict[str, Any], list[tuple[str, str]]]] = []
        self.links: set[str] = set()
        self._select = ""

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        a = dict(attrs)
        if tag == "a" and a.get("href"):
            self.links.add(a["href"])
        if tag == "form":
            self.forms.append((a.get("method", "get"), a.get("action", ""), {}, []))
        if not self.forms:
            return
        _, _, fields, buttons = self.forms[-1]
        name, value = a.get("name"), a.get("value")
        if tag == "select":
            self._select = name or ""
        if tag == "option" and self._select and (self._select not in fields or "selected" in a):
            fields[self._select] = value or ""
        if not name:
            return
        kind = a.get("type", "text")
        if tag == "button":
            buttons.append((name, value or ""))
        elif tag == "textarea":
            fields[name] = "typed words of some length"
        elif tag == "input" and kind == "submit":
            buttons.append((name, value or ""))
        elif tag == "input" and kind == "file":
            pass
        elif tag == "input" and kind in ("radio", "checkbox"):
            if name not in fields or "checked" in a:
                fields[name] = value or "on"
        elif tag == "input":
            fields[name] = value or TYPED.get(kind, "typed")

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""


def dump() -> dict[tuple[str, Any], dict[str, str]]:
    """Every row of every table, as the database has it."""
    found = {}
    with duty("audit"), connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            table = model._meta.db_table
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608
            names = [each[0] for each in cursor.description]
            key = names.index(model._meta.pk.column)
            for row in cursor.fetchall():
                found[table, row[key]] = dict(zip(names, map(str, row), strict=True))
    return found


def change(before: Any, after: Any, tom: str) -> set[tuple[str, ...]]:
    """What came of it that was not for this form to do: marked columns, Tom's rows, and roles."""
    said = set()
    for key in before.keys() | after.keys():
        old, new = before.get(key, {}), after.get(key, {})
        if old == new:
            continue
        changed = {column for column in {*old, *new} if old.get(column) != new.get(column)}
        said |= {("marked", key[0], each) for each in changed if MARK in new.get(each, "")}
        if tom in (*old.values(), *new.values()):
            said.add(("of Tom", key[0], *sorted(changed)))
        if key[0] == "accounts_user" and changed & {"roles", "is_active"}:
            said.add(("roles", key[0]))
    return said


def extras(tom: User) -> dict[str, str]:
    """Every column's name, with what is worth the most to whoever could set it."""
    more = {}
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.local_concrete_fields:
            kind = field.get_internal_type()
            value = MARK
            if field.is_relation or kind.endswith(("IntegerField", "AutoField")):
                value = str(tom.pk)
            elif kind == "BooleanField":
                value = "1"
            elif kind.startswith("Date"):
                value = "2031-03-03T03:03:03Z"
            more[field.name] = more[field.attname] = value
    whom = dict.fromkeys(("pk", "subject", "account", "user", "person"), str(tom.pk))
    flags = dict.fromkeys(("is_staff", "is_superuser", "is_active"), "1")
    roles = {"roles": " ".join(Role), "role": "administrator", "state": "done"}
    return more | whom | flags | roles


class UndoneError(Exception):
    """Ends a transaction of which nothing stays."""


@contextmanager
def undone(client: Client) -> Iterator[None]:
    """Whatever is done meanwhile is undone, in the database and among the cookies."""
    cookies = client.cookies.copy()
    with suppress(UndoneError), transaction.atomic():
        yield
        raise UndoneError
    client.cookies = cookies


def tried(client: Client, path: str, form: Any, before: Any, tom: str) -> set[tuple[str, ...]]:
    """What comes of a form, which is undone."""
    with undone(client):
        answer = client.post(path, form)
        assert answer.streaming or answer.content is not None
        return change(before, dump(), tom)


def shown(client: Client, path: str) -> Forms:
    """A page's forms and links; none where it leads elsewhere, or is no page."""
    page = Forms()
    with undone(client):
        got = client.get(path)
        html = "html" in got.headers.get("Content-Type", "")
        if got.status_code == 200 and html and not got.streaming:
            page.feed(got.content.decode())
    return page


def pages(client: Client) -> Iterator[tuple[str, Forms]]:
    """Each page that can be reached from an address without a key in it, one of each kind."""
    todo = sorted(path for path in dict(doors()) if "a1" not in path and "/7" not in path)
    seen = set(todo)
    while todo:
        path = todo.pop(0)
        page = shown(client, path)
        for link in sorted(page.links):
            there = urlsplit(urljoin(path, link))
            kind = re.sub(
                r"[0-9a-z]{12}|[0-9a-f-]{8,}|[0-9]+|=[^&]*", "*", f"{there.path}?{there.query}"
            )
            if not there.netloc and there.scheme in ("", "http") and kind not in seen:
                seen.add(kind)
                todo.append(f"{there.path}?{there.query}")
        yield path, page


@pytest.mark.parametrize("who", ["a stranger", "a member", "administrator"])
def test_p2_1_6a_a_form_sets_what_it_offers_and_nothing_else(who, ines, at_desk, member):
    tom = member("tom")
    film()
    plant(ines.pk, "ines", tom.pk)
    plant(tom.pk, "tom", ines.pk)
    client = Client(headers=HERE)
    if who == "a member":
        client = enter(ines)
    elif who != "a stranger":
        client = at_desk(User.objects.create_user("s@lantern.example", roles=who), client)
    client.raise_request_exception = False  # what was planted means nothing, and some pages break
    more, done = extras(tom), set()
    for path, page in pages(client):
        offered = {name for form in page.forms for name in (*form[2], *dict(form[3]))}
        beside = {name: value for name, value in more.items() if name not in offered}
        for method, action, fields, buttons in page.forms:
            where = urlsplit(urljoin(path, action or path)).path
            kind = (where, *sorted(fields), *dict(buttons))
            if method.lower() != "post" or kind in done or "logout" in where:
                continue
            done.add(kind)
            before = dump()
            for name, value in buttons or [("", "")]:
                form = fields | ({name: value} if name else {})
                plain = tried(client, where, form, before, str(tom.pk))
                full = tried(client, where, beside | form, before, str(tom.pk))
                assert full <= plain, (where, name, value)
    assert len(done) > 10
