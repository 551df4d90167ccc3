"""A picture that must go is gone: from every address, in every size, whatever is taken back."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from plainview.domains.accounts.models import User
from plainview.domains.catalogue import services, tasks
from plainview.domains.catalogue.models import Title
from plainview.domains.catalogue.services import picturing
from plainview.domains.catalogue.tests.test_pictures import picture
from plainview.domains.support.models import CopyrightNotice
from plainview.privacy.log.models import Act
from plainview.web.tests.conftest import a_title

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
DESK = "/desk/titles/harbour-lights/"


def somebody(at_desk, roles: str = "editor") -> Client:
    return at_desk(User.objects.create_user(f"{roles or 'member'}@example.org", roles=roles))


def put(title: Title, *pictures: bytes, use: str = "poster") -> list[str]:
    """Puts pictures on one after the other, each cut to its sizes; their names."""
    names = []
    for data in pictures:
        services.put_picture(title, use, data, ".jpg")
        tasks.make_sizes(title_id=title.pk)
        title.refresh_from_db()
        names.append(getattr(title, use))
    return names


def cut(title: Title, name: str) -> list[str]:
    """The names of all that was cut of a picture."""
    title.refresh_from_db()
    told = next(each for each in title.pictures.values() if each["source"] == name)
    return [each for form in ("avif", "webp") for _width, each in told[form]]


def test_a_replaced_poster_is_taken_away_in_every_size_and_no_undo_brings_it_back(at_desk, client):
    title = a_title("harbour-lights")
    old, new = put(title, picture(300, 450), picture(320, 480))
    sizes = [*cut(title, old), *cut(title, new)]
    assert {client.get(f"/artwork/{each}").status_code for each in (old, new, *sizes)} == {200}
    desk = somebody(at_desk)
    assert f"{DESK}pictures/away/?picture={old}" in desk.get(f"{DESK}history/").content.decode()
    page = desk.get(f"{DESK}pictures/away/?picture={old}").content.decode()
    assert f'value="{old}" aria-label="Poster {old}" checked' in page

    acts = Act.objects.count()
    answer = desk.post(f"{DESK}pictures/away/", {"picture": [old]}, follow=True)
    assert "1 picture is gone for good." in answer.content.decode()
    assert "Taken away for good on" in answer.content.decode()
    assert Act.objects.count() == acts + 1, "the log of the desk's acts has it"
    gone = {client.get(f"/artwork/{each}").status_code for each in (old, *sizes[: len(sizes) // 2])}
    assert gone == {404}
    left = {client.get(f"/artwork/{each}").status_code for each in (new, *cut(title, new))}
    assert left == {200}

    history = desk.get(f"{DESK}history/").content.decode()
    assert "Taken away for good" in history
    assert f"/artwork/{old}" not in history
    said = desk.post(
        f"{DESK}history/", {"revision": title.revisions.first().pk}, follow=True
    ).content.decode()
    assert f"The picture {old} was taken away for good." in said
    title.refresh_from_db()
    assert title.poster == new


def test_one_that_is_shown_leaves_every_title_and_language_that_shows_it(at_desk, client):
    title, other = a_title("harbour-lights"), a_title("night-line")
    (name,) = put(title, picture(300, 450))
    assert put(other, picture(300, 450), use="backdrop") == [name]
    services.put_picture(other, "poster", picture(300, 450), ".jpg", language="ko")
    desk = somebody(at_desk)
    page = desk.get(f"{DESK}pictures/away/").content.decode()
    assert "It goes from these as well" in page
    assert "Night Line" in page
    desk.post(f"{DESK}pictures/away/", {"picture": [name]})
    for each in (title, other):
        each.refresh_from_db()
        assert (each.poster, each.backdrop, each.artwork, each.pictures) == ("", "", {}, {})
    assert client.get(f"/artwork/{name}").status_code == 404
    assert name not in client.get("/titles/night-line/?lang=ko").content.decode()


def test_it_can_be_put_on_anew_by_somebody_and_is_then_one_like_any_other(at_desk, client):
    title = a_title("harbour-lights")
    (name,) = put(title, picture(300, 450))
    services.take_away(name)
    services.take_away(name)  # asked twice, it does no harm
    assert put(title, picture(300, 450)) == [name]
    assert client.get(f"/artwork/{name}").status_code == 200
    page = somebody(at_desk).get(f"{DESK}pictures/away/").content.decode()
    assert "Shown now" in page


def test_sizes_that_are_made_while_their_picture_is_taken_away_are_not_left(monkeypatch):
    title = a_title("harbour-lights")
    store = Path(settings.MEDIA_ROOT) / "artwork"
    services.put_picture(title, "poster", picture(310, 450), ".jpg")
    title.refresh_from_db()
    name, real = title.poster, picturing.sizes

    def meanwhile(*given, **named):
        made = real(*given, **named)
        services.take_away(name)
        return made

    monkeypatch.setattr(picturing, "sizes", meanwhile)
    tasks.make_sizes(title_id=title.pk)
    assert [each.name for each in store.iterdir()] == [f"{name}.gone"]


def test_a_poster_that_is_brought_back_has_its_sizes_again(client):
    title = a_title("harbour-lights")
    old, _new = put(title, picture(300, 450), picture(320, 480))
    services.undo(title.revisions.first())
    page = client.get("/").content.decode()
    assert f"/artwork/{old}" in page
    assert f"/artwork/{cut(title, old)[0]}" in page


def test_the_poster_before_one_that_was_taken_away_can_be_brought_back(at_desk, client):
    title = a_title("harbour-lights")
    old, new = put(title, picture(300, 450), picture(320, 480))
    services.take_away(new)
    desk, (gone, other, _first) = somebody(at_desk), title.revisions.all()
    page = desk.post(f"{DESK}history/", {"revision": gone.pk}, follow=True).content.decode()
    assert f"The picture {new} was taken away for good." in page
    page = desk.post(f"{DESK}history/", {"revision": other.pk}, follow=True).content.decode()
    assert "That change is taken back." in page
    assert f"/artwork/{old}" in client.get("/").content.decode()


@pytest.mark.parametrize(("roles", "status"), [("translator", 403), ("", 404)])
def test_only_who_may_takes_pictures_away(at_desk, client, roles, status):
    title = a_title("harbour-lights")
    (name,) = put(title, picture(300, 450))
    asked = somebody(at_desk, roles).post(f"{DESK}pictures/away/", {"picture": [name]})
    assert asked.status_code == status
    assert client.get(f"/artwork/{name}").status_code == 200


def test_the_form_is_refused_from_elsewhere_and_without_a_tick(at_desk, client):
    title = a_title("harbour-lights")
    (name,) = put(title, picture(300, 450))
    desk = somebody(at_desk)
    empty = desk.post(f"{DESK}pictures/away/", {})
    assert empty.status_code == 422
    assert "Tick at least one picture" in empty.content.decode()
    desk.handler.enforce_csrf_checks = True
    assert desk.post(f"{DESK}pictures/away/", {"picture": [name]}).status_code == 403
    assert client.get(f"/artwork/{name}").status_code == 200


def test_whoever_decides_a_copyright_notice_finds_the_way_to_the_picture(at_desk, client):
    """P2.9a: what is somebody else's is taken away, and no more than that."""
    title = a_title("harbour-lights")
    (name,) = put(title, picture(300, 450))
    notice = CopyrightNotice.objects.create(
        subject=7, name="Ada", email="ada@example.org", work="A photograph",
        where="https://example.org/titles/harbour-lights/",
    )  # fmt: skip
    desk = somebody(at_desk, "moderator")
    page = desk.get(f"/desk/copyright/{notice.number}/").content.decode()
    assert f'href="{DESK}pictures/away/"' in page
    assert (
        '/desk/titles/harbour-lights/pictures/"'
        not in desk.get(f"{DESK}pictures/away/").content.decode()
    )
    assert desk.post(f"{DESK}pictures/away/", {"picture": [name]}).status_code == 302
    assert client.get(f"/artwork/{name}").status_code == 404
    assert client.get("/titles/harbour-lights/").status_code == 200
