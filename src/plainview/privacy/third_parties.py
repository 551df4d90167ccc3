"""Marks of the tables that Django and allauth bring, by their names in the database."""

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
    mark_table("django_content_type", nobody="names our models")
    mark_table("auth_permission", nobody=_GROUPS)
    mark_table("auth_group", nobody=_GROUPS)
    mark_table("auth_group_permissions", nobody=_GROUPS)
    mark_table(
        "django_session",
        row="device",
        personal={
            "session_key": "device.id",
            "session_data": "device.storage",
            "expire_date": "device.storage",
        },
        unlinked="whose it is stands inside the signed data; sessions end by themselves",
    )
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
            "type": "credentials.second-factor",
            "data": "credentials.second-factor",
            "created_at": "credentials.second-factor",
            "last_used_at": "credentials.second-factor",
        },
    )
