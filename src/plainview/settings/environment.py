"""Every setting of the service, typed and documented in one place; `reading` reads them.

A lawyer's decision is policy, not a setting; what is left is about the machine. `docs/settings.md`
is generated from the descriptions here, and `plainview doctor` judges the values.
"""

from __future__ import annotations

from typing import Annotated, get_args

import msgspec
from msgspec import Meta

PREFIX = "PLAINVIEW_"
THERE = {"there": True}
"""Marks a setting that names a file or folder without which nothing may start."""
NETWORKS = {"networks": True}
"""Marks one that lists networks."""
_ADDRESS = r"[^@\s<>]+@[^@\s<>]+"


def _listed(each: str) -> str:
    """The pattern of things between commas, or nothing."""
    return rf"^\s*((({each})\s*,\s*)*({each})?\s*)?$"


class Environment(msgspec.Struct, frozen=True, kw_only=True):
    """The settings. A field `data_dir` is read from the variable `PLAINVIEW_DATA_DIR`."""

    data_dir: Annotated[
        str, Meta(description="Folder for the database, media and the generated secret key.")
    ] = "var"
    database_url: Annotated[
        str,
        Meta(
            description="`sqlite:PATH`, or `postgresql://USER:PASSWORD@HOST:PORT/NAME`"
            " (a socket folder may be given as `?host=/run/postgresql`)."
            " Empty: SQLite in the data folder."
        ),
    ] = ""
    policy_dir: Annotated[
        str,
        Meta(extra=THERE, description="The operator's policy folder. Empty: the demonstration's."),
    ] = ""
    templates_dir: Annotated[
        str,
        Meta(
            extra=THERE,
            description="Folder of templates that stand before ours of the same name, such as"
            " `operator/title_end.html`. Empty: none.",
        ),
    ] = ""
    host: Annotated[str, Meta(description="Address that `plainview serve` listens on.")] = (
        "127.0.0.1"
    )
    port: Annotated[int, Meta(ge=1, le=65535, description="Port that it listens on.")] = 8000
    web_workers: Annotated[
        int, Meta(ge=1, le=64, description="Web processes that `plainview serve` starts.")
    ] = 1
    job_workers: Annotated[
        int,
        Meta(
            ge=0,
            le=64,
            description="Job workers beside the web process. 0: start them elsewhere"
            " with `plainview work`.",
        ),
    ] = 1
    public_url: Annotated[
        str,
        Meta(
            pattern=r"^(https?://[^/?#\s]+/?)?$",
            examples=["https://films.example.org"],
            description="Address under which people reach the service, such as"
            " `https://films.example.org`. An `https` address turns on secure cookies, HSTS and"
            " the redirect to HTTPS. Empty: the listening address, over plain HTTP.",
        ),
    ] = ""
    embed_sites: Annotated[
        str,
        Meta(
            pattern=_listed(r"\*|https?://[^\s,;/]+"),
            examples=["https://blog.example.org, or *"],
            description="Sites that may show the player in a frame (`/embed/…`), such as"
            " `https://blog.example.org`, separated by commas; `*` is every site, empty none."
            " A frame has no cookie and keeps nothing, whoever shows it (decision 62).",
        ),
    ] = "*"
    allowed_hosts: Annotated[
        str,
        Meta(
            pattern=_listed(r"[\w.:*\[\]-]+"),
            examples=["films.example.org, www.example.org"],
            description="Further host names to answer to, separated by commas;"
            " the host of the public address and the local ones are always among them.",
        ),
    ] = ""
    trusted_proxies: Annotated[
        int,
        Meta(
            ge=0,
            le=8,
            description="Number of reverse proxies of yours in front. Forwarded headers are"
            " believed only up to that many hops; 0 believes none.",
        ),
    ] = 0
    place_header: Annotated[
        str,
        Meta(
            pattern=r"^[A-Za-z0-9-]*$",
            examples=["X-Place"],
            description="Header in which your proxy states the reader's place, such as `DE` or"
            " `US-CA`; believed only with a trusted proxy in front, which must remove what"
            " clients send. With it, pages can be kept by shared caches. Empty: the place comes"
            " from the network address.",
        ),
    ] = ""
    place_database: Annotated[
        str,
        Meta(
            description="Country database in MaxMind's format. Empty: the packaged one,"
            " DB-IP Lite (CC BY 4.0)."
        ),
    ] = ""
    state_database: Annotated[
        str,
        Meta(
            description="Database in MaxMind's format that knows states and provinces. Empty:"
            " none, so an American address is one of an unknown state."
        ),
    ] = ""
    secret_key: Annotated[
        str,
        Meta(
            pattern=r"^(.{50,})?$",
            examples=["50 characters or more"],
            description="Signs sessions and links; 50 characters or more. Empty: made at the"
            " first start and kept in the data folder, readable by its owner only.",
        ),
    ] = ""
    secret_key_fallbacks: Annotated[
        str,
        Meta(
            pattern=_listed(r"[^\s,]{50,}"),
            examples=["50 characters or more"],
            description="Secret keys that were in use before, separated by commas: what they signed"
            " still holds, nothing is signed with them. To change the secret key put the new one"
            " into `PLAINVIEW_SECRET_KEY` and the old one here (that of the data folder stands in"
            " its file `secret-key`), and restart. `plainview doctor` says when it may go on to"
            " `PLAINVIEW_SECRET_KEYS_RETIRED`; one that was stolen may at once. Empty: none.",
        ),
    ] = ""
    secret_keys_retired: Annotated[
        str,
        Meta(
            pattern=_listed(r"[^\s,]{50,}"),
            examples=["50 characters or more"],
            description="Secret keys that open nothing any more, separated by commas: no link and"
            " no session of theirs holds. By them alone refused addresses, letters that come back"
            " and receipts of before are known again (docs/operator.md). Empty: none.",
        ),
    ] = ""
    encryption_keys: Annotated[
        str,
        Meta(
            description="Encrypt second-factor secrets and sessions in their columns; keys of 32"
            " characters or more, separated by commas. The first encrypts, all decrypt: to change"
            " keys put a new one first, run `plainview reencrypt`, drop the old one, with which"
            " sessions under it end: after two weeks there are none. Empty: made at the first"
            " start and kept in the data folder; without it nobody's second factor works, so back"
            " it up apart from the database."
        ),
    ] = ""
    log_keys: Annotated[
        str,
        Meta(
            description="Sign the heads of the log of consents (docs/proof.md); keys of 32"
            " characters or more, separated by commas, the one that signs first. To change keys"
            " put a new one first and leave the old one after it. Empty: made when it is first"
            " needed and kept in the data folder; back it up apart from the database. Several"
            " machines need the same."
        ),
    ] = ""
    stream_keys: Annotated[
        str,
        Meta(
            description="Sign the addresses of films' files (docs/films.md); keys of 32 characters"
            " or more, separated by commas. The first signs, all are accepted. Empty: made when it"
            " is first needed and kept in the data folder, changed by `plainview stream rotate`."
        ),
    ] = ""
    push_key: Annotated[
        str,
        Meta(
            description="Names us to the push services of browsers (VAPID); 32 characters or more."
            " With another key everybody has to turn messages on anew. Empty: made at the first"
            " start and kept in the data folder; back it up with the others. Several machines need"
            " the same."
        ),
    ] = ""
    backup_to: Annotated[
        str,
        Meta(
            pattern=_listed(r"age1[^\s,]+"),
            examples=["age1…, one public key or more"],
            description="Public keys of age (`age1…`) for which `plainview backup` encrypts,"
            " separated by commas; their secret keys belong on another machine (docs/backups.md)."
            " Empty: no backups are made.",
        ),
    ] = ""
    backup_dir: Annotated[
        str,
        Meta(
            description="Folder for backups, best on another disk. Empty: `backups` in the data"
            " folder."
        ),
    ] = ""
    ledger_dir: Annotated[
        str,
        Meta(
            description="Folder of the ledger of what must not come back by a restore, best on"
            " another disk than the database; several machines share one. Empty: `ledger` in the"
            " data folder."
        ),
    ] = ""
    debug: Annotated[
        bool, Meta(description="Developers only: shows tracebacks. Refused with a public address.")
    ] = False
    email_url: Annotated[
        str,
        Meta(
            pattern=r"^((smtps?|esp)://.+)?$",
            examples=["smtp://USER:PASSWORD@HOST:PORT"],
            description="`smtp://USER:PASSWORD@HOST:PORT`, `smtps://…`, or a mail provider that"
            " django-anymail knows, as `esp://postmark?server_token=…`. Somebody in the policy must"
            " carry the mail. Empty: mail is kept in the data folder, to be read by developers.",
        ),
    ] = ""
    email_from: Annotated[
        str,
        Meta(
            pattern=rf"^({_ADDRESS}|[^<>]+<{_ADDRESS}>)?$",
            examples=["hello@films.example.org"],
            description="Sender of mail. Empty: `hello@` and the host of the public address."
            " One without a name has the operator's beside it.",
        ),
    ] = ""
    sending_authorities: Annotated[
        str,
        Meta(
            extra=THERE,
            description="File of certificates to trust when a copy is sent straight to another"
            " service, for services in your own network: with it, names, numbers and ports of that"
            " network may be given. Empty: public services only, on port 443.",
        ),
    ] = ""
    dkim_key: Annotated[
        str,
        Meta(
            extra=THERE,
            description="File with the private key that signs mail (DKIM). Empty: unsigned.",
        ),
    ] = ""
    dkim_selector: Annotated[
        str,
        Meta(
            pattern=r"^[A-Za-z0-9._-]+$",
            examples=["plainview"],
            description="Name under which the sender's domain publishes the key's public half.",
        ),
    ] = "plainview"
    mail_returns: Annotated[
        str,
        Meta(
            pattern=rf"^({_ADDRESS})?$",
            examples=["returns@films.example.org"],
            description="Where letters come back that could not be delivered, as"
            " `returns@lantern.example`; each has its own key behind a plus sign (VERP), so that"
            " every report names its letter. Empty: the sender's address.",
        ),
    ] = ""
    notices_a_minute: Annotated[
        int,
        Meta(
            ge=1,
            le=100_000,
            description="So many people a minute are told of a change of the privacy notice, at"
            " most, and so many that their account ends. A thousand a minute tell a million people"
            " in less than a day.",
        ),
    ] = 1000
    mail_secret: Annotated[
        str,
        Meta(
            description="Password that the mail provider gives when it reports bounces and"
            " complaints to `/mail/events/`, after the name `plainview`. Empty: it may not."
        ),
    ] = ""
    post_url: Annotated[
        str,
        Meta(
            description="Where mail to the privacy address is fetched from, every minute:"
            " `imaps://USER:PASSWORD@HOST/INBOX` (`?done=FOLDER` keeps there what was taken, else"
            " it goes), `imap://…` with STARTTLS, or `maildir:FOLDER` into which your mail server"
            " delivers. Empty: the maildir `letters` in the data folder."
        ),
    ] = ""
    post_secret: Annotated[
        str,
        Meta(
            pattern=r"^(.{32,})?$",
            examples=["32 characters or more"],
            description="Key of 32 characters or more with which whoever hands mail to"
            " `/post/letters/` signs it (docs/post.md). Empty: nobody may.",
        ),
    ] = ""
    post_servers: Annotated[
        str,
        Meta(
            description="Names by which your own mail servers sign what they found of senders"
            " (authserv-id, RFC 8601), separated by commas; they must take away what strangers"
            " write under these names. Empty: no sender is believed, each gets a link."
        ),
    ] = ""
    connections: Annotated[
        str,
        Meta(
            extra=THERE,
            description="File that says where each recipient of the policy is reached"
            " (docs/disclosures.md). Empty: `connections.toml` in the data folder.",
        ),
    ] = ""
    metrics_from: Annotated[
        str,
        Meta(
            extra=NETWORKS,
            examples=["10.0.0.0/8, ::1/128"],
            description="Networks that may read `/metrics`, separated by commas.",
        ),
    ] = "127.0.0.0/8,::1/128"
    security_contact: Annotated[
        str,
        Meta(
            pattern=r"^((mailto:|https://)\S+)?$",
            examples=["mailto:security@films.example.org"],
            description="Address for `/.well-known/security.txt`, `mailto:` or `https:`."
            " Empty: the contact of the policy.",
        ),
    ] = ""
    films_url: Annotated[
        str,
        Meta(
            pattern=r"^(s3(\+http)?://([^\s/@:?]+:[^\s/@:?]+@)?[^\s/@?]+/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]"
            r"/?(\?(region=[\w-]+)?&?(authorities=[^\s?&]+)?)?)?$",
            examples=["s3://KEY:SECRET@HOST:PORT/BUCKET?region=REGION"],
            description="Bucket in which finished films are kept (docs/films.md):"
            " `s3://KEY:SECRET@HOST:PORT/BUCKET?region=REGION`, percent-encoded, of any service"
            " that speaks S3; `s3+http://…` without encryption, in your own network;"
            " `&authorities=FILE` names certificates of your own. Without key and secret"
            " `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY` are taken. Empty: the data folder.",
        ),
    ] = ""
    watch_folder: Annotated[
        str,
        Meta(
            description="Folder into which films are put to be taken in as drafts (docs/films.md),"
            " best on the disk of the data folder. Empty: none."
        ),
    ] = ""
    loudness: Annotated[
        int,
        Meta(
            ge=-40,
            le=0,
            description="LUFS that films are brought to (EBU R 128), by one gain over the whole"
            " film: -16 suits phones and televisions alike, -23 is broadcast's. 0: left as they"
            " come.",
        ),
    ] = -16
    max_upload_gb: Annotated[
        int, Meta(ge=1, le=1000, description="Largest film that may be uploaded, in gigabytes.")
    ] = 20

    @classmethod
    def described(cls) -> list[tuple[str, str, str, str]]:
        """(variable, type, default, description) of every setting, in the order of the class."""
        rows = []
        for field in msgspec.structs.fields(cls):
            meta = get_args(field.type)[1]
            default = "" if field.default == "" else str(field.default).lower()
            kind = type(field.default).__name__
            rows.append((PREFIX + field.name.upper(), kind, default, meta.description))
        return rows
