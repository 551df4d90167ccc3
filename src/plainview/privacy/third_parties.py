"""Marks of the tables that Django, allauth and the platform bring, by name in the database."""

from __future__ import annotations

from plainview.privacy.declarations import mark_table

_GROUPS = "names what staff may do, not who does it"


def mark() -> None:
    """Say what the tables hold. An app that is not installed leaves its marks unused."""
    mark_table(
        "django_migrations",
        nobody="which changes of the database were made",
        impersonal=dict.fromkeys(("id", "app", "name", "applied"), "describes our software"),
    )
    mark_table("jobs_job", nobody="work to do; its arguments are ids of what is to be worked on")
    for index in ("search_entry", "search_passage"):
        mark_table(index, nobody="the programme's names and lines, cut into terms to be found by")
    mark_table("search_word", nobody="the words of the programme, and how they are spelled")
    mark_table("django_content_type", nobody="names our models")
    mark_table("auth_permission", nobody=_GROUPS)
    mark_table("auth_group", nobody=_GROUPS)
    mark_table("auth_group_permissions", nobody=_GROUPS)
    mark_table(
        "account_emailaddress",
        "user",
        row="contact",
        personal=dict.fromkeys(("email", "verified", "primary"), "contact.email"),
    )
    mark_table(
        "account_emailconfirmation",
        "email_address__user",
        row="contact",
        personal=dict.fromkeys(("created", "sent", "key"), "contact.email"),
    )
    mark_table(
        "mfa_authenticator",
        "user",
        row="credentials",
        personal={
            "type": "credentials.keys",
            "data": "credentials.keys",
            "created_at": "credentials.keys",
            "last_used_at": "credentials.keys",
        },
    )
