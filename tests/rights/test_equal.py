"""Two lives: one said yes to all and asked for nothing, one refused all and used every right.

What they find here is the same, but for what a choice is itself about: shelves made of a history
that one of them has not.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import caches
from django.test import Client, override_settings
from tests.people import answers
from tests.rights.conftest import archive, enter
from tests.rights.planting import plant

from plainview.domains.catalogue.models import Video
from plainview.domains.catalogue.ports import Ports
from plainview.domains.catalogue.services import add_film
from plainview.domains.library.models import Rating
from plainview.domains.playback.models import Package
from plainview.privacy import permissions
from plainview.privacy.models import Session
from plainview.privacy.policies import in_force
from plainview.privacy.requests.models import Request

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
QUALITIES = (
    ("240", 400_000, "426x240"),
    ("720", 2_500_000, "1280x720"),
    ("1080", 5_000_000, "1920x1080"),
)
FILMS = ("Harbour Lights", "The Ferry")


def use_every_right(client: Client) -> None:
    """Each right that the policy gives and the account carries out, through its own door."""
    answers(client, "reject")
    client.get("/privacy/opt-out/", headers={"Sec-GPC": "1"})
    client.post("/privacy/opt-out/", {"via": "opt-out"})
    for door in {right.door for right in in_force().rights.values() if right.door}:
        assert client.get(door).status_code < 400, door
    archive(client)
    client.get("/privacy/statement/")
    client.post("/privacy/copy/", {"delete": "yes"})
    for kind in ("object", "restrict", "correct", "optout-profiling", "limit-sensitive"):
        assert client.post("/privacy/requests/new/", {"kind": kind, "words": "Please."})
    assert set(Request.objects.values_list("kind", flat=True)) >= {"object", "restrict", "correct"}
    for category in ("viewing.history", "viewing.list"):
        for entry in client.get(f"/privacy/held/{category}/").context["found"].entries:
            client.post(f"/privacy/held/{category}/", {"delete": entry.token})


def seen(client: Client, slugs: list[str], keys: list[str]) -> dict[str, Any]:
    """What somebody finds: the programme, search, each film's page, how it plays, what it costs."""
    api = ["/api/v1/home", "/api/v1/titles", *(f"/api/v1/titles/{each}" for each in slugs)]
    api += [f"/api/v1/videos/{each}" for each in keys]
    found: dict[str, Any] = {path: client.get(path).json() for path in api}
    for path in ("/", "/search/?q=ferry", *(f"/titles/{each}/" for each in slugs)):
        answer = client.get(path)
        assert answer.status_code == 200, path
        text = answer.content.decode()
        main = text[text.index("<main") : text.index("</main>")]
        found[path] = sorted(set(re.findall(r'href="(/(?:titles|watch)/[^"?#]*)', main)))
    for each in keys:
        text = client.get(f"/watch/{each}/").content.decode()
        found[f"/watch/{each}/"] = sorted(
            set(re.findall(r'data-(?:src|stream|rungs)="[^"]*', text))
        )
    return found


def package(video: Video) -> None:
    """A film as it is streamed: three qualities, two of sound."""
    folder = Path(settings.MEDIA_ROOT) / "packages" / video.key
    folder.mkdir(parents=True)
    rungs = "".join(
        f"#EXT-X-STREAM-INF:BANDWIDTH={rate},RESOLUTION={size}\n{name}.m3u8\n"
        for name, rate, size in QUALITIES
    )
    (folder / "master.m3u8").write_text(f"#EXTM3U\n{rungs}")
    for name, _rate, _size in QUALITIES:
        (folder / f"{name}.m3u8").write_text(f"#EXTM3U\n#EXTINF:6.0,\n{name}.mp4\n")
        (folder / f"{name}.mp4").write_bytes(name.encode() * 500)
    Package.objects.create(
        video=video, key=video.key, duration_ms=6000, width=1920, height=1080, contents={}
    )


def played(client: Client, key: str) -> dict[str, Any]:
    """The manifest that somebody gets, every rendition in it, and the bytes of each."""
    found: dict[str, Any] = {}
    allowed = client.get(f"/watch/{key}/playing/")
    assert allowed.status_code == 200, allowed.content
    found["playing"] = sorted(allowed.json())
    led = client.get(f"/stream/{key}/master.m3u8")
    base = led["Location"].rpartition("/")[0]
    names = ["master.m3u8", *(f"{name}.m3u8" for name, _r, _s in QUALITIES)]
    for name in (*names, *(f"{name}.mp4" for name, _r, _s in QUALITIES)):
        answer = client.get(f"{base}/{name}")
        found[name] = (answer.status_code, answer.getvalue())
    return found


def patience(client: Client, address: str) -> tuple[int, int]:
    """How often the service lets somebody write to it, and read its API, before they wait."""
    caches["default"].clear()
    ask, far = {"kind": "complaint", "words": "Again."}, {"REMOTE_ADDR": address}
    with override_settings(ACCOUNT_RATE_LIMITS=settings.ACCOUNT_RATE_LIMITS | {"write": "3/h/ip"}):
        writes = [client.post("/privacy/requests/new/", ask, **far).status_code for _ in range(5)]
    reads = [client.get("/api/v1/genres", **far).status_code for _ in range(20)]
    return writes.count(302), reads.count(200)


def doings(client: Client, slug: str) -> list[tuple[int, str]]:
    """How the service answers to what a member does, and where it leads them."""
    acts = [
        ("/my/list/", {"title": slug, "put": "later"}),
        ("/my/rate/", {"title": slug, "stars": "4"}),
        ("/my/rate/", {"title": slug, "stars": "9"}),
        ("/settings/profile/", {"name": "Somebody", "audience": "0"}),
    ]
    answers = [client.post(path, form) for path, form in acts]
    return [(each.status_code, each.headers.get("Location", "")) for each in answers]


@pytest.mark.drawn
def test_p5_2_1_9a_who_used_every_right_and_refused_all_finds_the_same_service(ines, tom):
    """P5.2.1.9a: programme, search, films, in which quality they play, and limits are equal."""
    videos = [add_film(name=name) for name in FILMS]
    slugs = [video.title.slug for video in videos]
    keys = [video.key for video in videos]
    easy, careful = enter(ines), enter(tom)
    answers(easy, "accept")
    use_every_right(careful)
    facts = [permissions.read(each.pk)[0].choices for each in (ines, tom)]
    assert set(facts[0].values()) & {"granted", "affirmed"}
    assert set(facts[1].values()) == {"denied"}
    one, two = seen(easy, slugs, keys), seen(careful, slugs, keys)
    for place, content in one.items():
        assert json.dumps(two[place], sort_keys=True) == json.dumps(content, sort_keys=True), place
    assert one["/search/?q=ferry"] == ["/titles/the-ferry/"]
    done = doings(easy, slugs[0])
    assert doings(careful, slugs[0]) == done
    assert {status for status, _place in done} & {200, 302, 303}, "something was done"
    assert Rating.objects.filter(stars=4).count() == 2
    for each in videos:
        package(each)
        film = played(easy, each.key)
        assert played(careful, each.key) == film
        assert all(status == 200 for name, (status, *_) in film.items() if "." in name)
    limits = patience(easy, "192.0.2.7")
    assert patience(careful, "192.0.2.8") == limits
    assert limits[0] == 3, "there is one"
    tiers = {Ports.plans.tier_of(each.pk) for each in (ines, tom)}
    assert len(tiers) == 1, "the same plan, at the same price"
    assert Session.objects.filter(account=tom.pk).exists(), "still signed in"


def test_p5_2_1_3b_each_entry_that_one_gave_can_be_removed_and_the_next_copy_lacks_it(ines, tom):
    """P5.2.1.3b: a walk over the data map: planted, deleted by the button, gone from the copy."""
    mine = plant(ines.pk, "ines", tom.pk)
    client = enter(ines)
    removed = set()
    kinds = [each for each in client.get("/privacy/").context["held"] if each.removable]
    for kind in kinds:
        while tokens := [
            entry.token
            for entry in client.get(f"/privacy/held/{kind.id}/").context["found"].entries
            if entry.token
        ]:
            for token in tokens:
                client.post(f"/privacy/held/{kind.id}/", {"delete": token})
            removed.add(kind.id)
    assert {"viewing.list", "viewing.history", "community.ratings", "activity.searches"} <= removed
    zipped = archive(client)
    everything = b"\n".join(zipped.read(name) for name in zipped.namelist()).decode(
        errors="replace"
    )
    gone = {"library_saved", "playback_viewing", "library_rating", "searches_search"}
    for (table, column), value in mine.values.items():
        if table in gone and (table, column) in mine.own and isinstance(value, str):
            assert len(value) < 8 or value not in everything, (table, column)
    for table in gone:
        assert f"data/{table}.json" not in zipped.namelist()


def test_p5_2_1_3b_what_one_gave_is_changed_and_then_taken_away_where_one_gave_it(in_ireland, ines):
    """P5.2.1.3b: a walk: given, changed, taken away by the page itself; each copy says so."""
    slug = add_film(name="The Ferry").title.slug
    client = enter(ines)

    def said(words: str, stars: str, act: str) -> str:
        """Put `words` (or nothing) wherever one tells something, and take a copy."""
        client.post("/settings/profile/", {"name": words, **_seen("name", "picture")})
        about = {"about": f"about {words}".strip() if words else "", "gender": words}
        client.post("/settings/about/", about | _seen("about", "gender"))
        client.post("/my/keep/", {act: f"later {slug}"})
        client.post(
            "/my/rate/", {"title": slug, "stars": stars} | ({} if stars else {"act": "take"})
        )
        client.post("/privacy/copy/", {"delete": "yes"})
        zipped = archive(client)
        names = [each for each in zipped.namelist() if each.startswith("data/")]
        return "\n".join(f"{each} {zipped.read(each).decode()}" for each in names)

    walked = (
        "accounts_name",
        "accounts_about",
        "accounts_gender",
        "library_saved",
        "library_rating",
    )
    first = said("Inés of the quay", "2", "put")
    assert [t for t in walked if f"data/{t}.json" not in first] == []
    second = said("Inés of the hill", "5", "put")
    assert "of the quay" not in second and second.count("Inés of the hill") == 3
    last = said("", "", "take")
    assert not any(f"data/{table}.json" in last for table in walked), last
    assert "of the hill" not in last


def _seen(*fields: str) -> dict[str, str]:
    return {f"{each}_audience": "0" for each in fields}


def test_p5_2_1_3b_each_kind_that_one_gave_says_where_it_is_changed_and_removed_or_why_not():
    """P5.2.1.3b: edit place and remove place, or the reason that there is none, for each kind."""
    policy = in_force()
    given = {id_ for id_, each in policy.sources.items() if each.from_ == "person"}
    for id_, each in policy.categories.items():
        if "." in id_ and given & set(each.sources):
            assert each.edit or each.no_edit, id_
            assert each.remove or each.no_remove or policy.schedule(id_).removable, id_
