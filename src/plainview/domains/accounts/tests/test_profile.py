"""What a person tells of themselves: visible to whom they say, and to nobody before they say it."""

from __future__ import annotations

import re
import subprocess
import sys
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image
from tests.people import browser_of

from plainview.domains.accounts import queries, services
from plainview.domains.accounts.models import (
    About,
    Audience,
    Gender,
    Name,
    Picture,
    Profile,
    User,
)
from plainview.platform.media.portraits import SIDE, NotAPicture, portrait
from plainview.privacy import permissions
from plainview.privacy.gate.doors import runs
from plainview.privacy.gate.duties import duty
from plainview.privacy.policies import in_force
from plainview.privacy.registry import registry

pytestmark = pytest.mark.django_db


@pytest.fixture
def mira():
    """Who lives where gender needs no asking by itself (`test_gender.py` has the other places)."""
    mira = User.objects.create_user("mira@lantern.example", "the night train leaves at nine")
    permissions.change(mira.pk, lambda _: permissions.resident(permissions.newcomer("IE"), "IE"))
    return mira


@pytest.fixture
def own(mira, placed):
    return browser_of(mira, headers={"x-place": "IE"})


@pytest.fixture
def other():
    return browser_of(User.objects.create_user("tom@lantern.example"))


def photo(width=900, height=600) -> bytes:
    """A photo that says where it was taken."""
    image = Image.new("RGB", (width, height), "teal")
    exif = Image.Exif()
    exif[0x010F] = "CAMERA OF MIRA"
    exif.get_ifd(0x8825).update({1: "N", 2: (53.0, 16.0, 0.0), 3: "W", 4: (9.0, 3.0, 0.0)})
    out = BytesIO()
    image.save(out, "JPEG", exif=exif, comment=b"HELLO FROM GALWAY")
    return out.getvalue()


def main_of(answer) -> str:
    return re.search(r"<main.*?</main>", answer.content.decode(), re.DOTALL)[0]


def tells(own, **changes):
    profile = {"name": "", "name_audience": "0", "picture_audience": "0"}
    about = {"about": "", "about_audience": "0", "gender": "", "gender_audience": "0"}
    for path, form in (("profile", profile), ("about", about)):
        said = {name: changes.get(name, value) for name, value in form.items()}
        if path == "profile" and "picture" in changes:
            said["picture"] = SimpleUploadedFile("me.jpg", changes["picture"])
        assert own.post(f"/settings/{path}/", said).status_code == 302


def page(mira) -> str:
    return f"/members/{queries.profile_key(mira.pk)}/"


def test_p1_1a_p3_1_1b_who_does_not_say_who_may_see_it_shows_it_to_nobody(own, other, mira):
    tells(own, name="Mira", name_audience="2", about="Trains.", about_audience="2")
    for path, said in (("profile", {"name": "Mira"}), ("about", {"about": "Trains."})):
        assert own.post(f"/settings/{path}/", said).status_code == 302
    assert other.get(page(mira)).status_code == 404


def test_p1_1a_nothing_is_visible_to_others_unless_the_person_says_so(own, other, mira):
    for path in ("profile", "about"):
        chosen = re.findall(
            r'name="(\w+_audience)".*?<option value="(\d)" selected',
            own.get(f"/settings/{path}/").content.decode(),
            re.DOTALL,
        )
        assert len(chosen) == 2
        assert {value for _, value in chosen} == {"0"}
    tells(own, name="Mira", about="I like trains.", gender="woman")
    assert other.get(page(mira)).status_code == 404
    assert Client().get(page(mira)).status_code == 404
    assert "Mira" in own.get("/settings/profile/").content.decode()


def test_p1_1a_each_field_is_seen_by_those_it_says_and_no_others(own, other, mira):
    tells(own, name="Mira", name_audience="2", about="I like trains.", about_audience="1")
    member, stranger = main_of(other.get(page(mira))), main_of(Client().get(page(mira)))
    assert "Mira" in member
    assert "I like trains." in member
    assert "Mira" in stranger
    assert "I like trains." not in stranger


def test_p1_1a_by_ear_each_audience_is_called_by_what_it_is_for_and_a_save_is_told_first(own):
    page = own.get("/settings/profile/").content.decode()
    assert re.findall(r'aria-label="(Visible to[^"]*)"', page) == [
        "Visible to: Name",
        "Visible to: Picture",
    ]
    sent = {"name": "Mira", "name_audience": 0, "picture_audience": 0}
    saved = own.post("/settings/profile/", sent, follow=True).content.decode()
    assert "<title>Saved. · Profile · " in saved
    assert "<title>Profile · " in own.get("/settings/profile/").content.decode()


def test_p1_1a_the_preview_is_what_others_get(own, other, mira):
    tells(own, name="Mira", name_audience="2", about="Trains.", about_audience="1", gender="woman")
    settings = own.get("/settings/profile/").content.decode()
    stranger, members = Client().get(page(mira)), other.get(page(mira))
    assert main_of(own.get(page(mira) + "?as=everyone")) == main_of(stranger)
    assert main_of(own.get(page(mira))) == main_of(members)
    assert f'href="{page(mira)}?as=everyone"' in settings


def test_p1_1a_a_field_left_empty_is_no_row(own, mira):
    tells(own, name="Mira", about="Trains.", gender="woman", picture=photo())
    tells(own, name_audience="2", about_audience="2", gender_audience="2")
    own.post(
        "/settings/profile/", {"name_audience": 2, "picture_audience": 2, "remove_picture": "on"}
    )
    for told in (Name, About, Gender, Picture):
        assert not told.objects.exists()
    assert Client().get(page(mira)).status_code == 404


def test_p5_2_1_3b_who_takes_back_all_they_told_leaves_no_page_of_theirs(own, mira):
    """P5.2.1.1a, P5.2.1.3b: nor has it who saved the forms empty; no name is said to be held."""
    tells(own)
    assert not Profile.objects.exists()
    tells(own, name="Mira", name_audience="2", picture=photo())
    key = queries.profile_key(mira.pk)
    tells(own, picture_audience="1")
    assert queries.profile_key(mira.pk) == key, "the picture is still told"
    assert 'href="/privacy/held/profile.key/"' in own.get("/privacy/").content.decode()
    assert 'href="/privacy/held/profile.name/"' not in own.get("/privacy/").content.decode()
    sent = {"name_audience": 0, "picture_audience": 0, "remove_picture": "on"}
    own.post("/settings/profile/", sent)
    assert not Profile.objects.exists()
    assert 'href="/privacy/held/profile.' not in own.get("/privacy/").content.decode()


def test_p5_1a_each_optional_field_says_what_is_lost_without_it_and_it_is_so(own, other, mira):
    """One may decline to give data; what suffers is said beside the field."""
    profile, about = (main_of(own.get(f"/settings/{each}/")) for each in ("profile", "about"))
    assert "Left empty, others read “A member” in its place." in profile
    assert "Left empty, your page has none. Nothing else depends on it." in profile
    assert "Left empty, your page has none. Nothing else depends on it." in about
    for form in (profile, about):
        assert form.count("field-optional") == form.count("depends on it.")
    tells(own, about="I like trains.", about_audience="1", name_audience="1")
    seen = main_of(other.get(page(mira)))
    assert "<h1>A member</h1>" in seen and "portrait" not in seen


@pytest.mark.doors_only
def test_the_gate_itself_keeps_private_rows_from_others(db):
    """Whoever writes the query: under a door narrowed to another person the row is not there."""

    with duty("fixture"):
        mira, tom = (User.objects.create_user(f"{name}@lantern.example").pk for name in "mt")
        services.tell(mira, Name, "Mira", Audience.ONLY_YOU)
        services.tell(tom, Name, "Tom", Audience.MEMBERS)

    @runs("community", source="form", about="account")
    def names(*, account):
        return sorted(Name.objects.values_list("value", flat=True))

    assert names(account=mira) == ["Mira", "Tom"]
    assert names(account=tom) == ["Tom"]


def test_p1_1_1a_a_picture_is_drawn_anew_without_place_or_camera(own, mira):
    sent = photo()
    assert b"Exif" in sent
    tells(own, picture=sent)
    held = bytes(Picture.objects.get(account=mira).value)
    with Image.open(BytesIO(held)) as drawn:
        assert (drawn.format, drawn.size) == ("WEBP", (SIDE, SIDE))
        assert not drawn.getexif()
        assert set(drawn.info) <= {"loop", "background", "timestamp", "duration"}
    for trace in (b"Exif", b"GALWAY", b"CAMERA", b"XMP", b"ICCP"):
        assert trace not in held
    assert len(held) < 60_000


def test_p1_1_1a_a_picture_is_seen_by_those_it_says(own, other, mira):
    tells(own, picture=photo())
    at = page(mira) + "picture/"
    assert own.get(at)["Content-Type"] == "image/webp"
    assert other.get(at).status_code == 404
    own.post("/settings/profile/", {"name_audience": 0, "picture_audience": 1})
    assert other.get(at).status_code == 200
    assert Client().get(at).status_code == 404


def test_p1_1_1a_a_page_left_open_shows_nothing_again_that_was_hidden_since(own, mira):
    """P1.1.1a, P5.1.1a: two windows; in the older one only the name is written anew."""
    tells(own, name="Mira", picture=photo(), picture_audience=2, name_audience=2)
    shown = own.get("/settings/profile/").text
    before = dict(re.findall(r'name="(initial-\w+_audience)" value="(\d)"', shown))
    assert before == {"initial-name_audience": "2", "initial-picture_audience": "2"}
    own.post("/settings/profile/", {"name": "Mira", "name_audience": 0, "picture_audience": 0})
    stale = {"name": "Mirabel", "name_audience": 2, "picture_audience": 2}
    own.post("/settings/profile/", stale | before)
    assert Client().get(page(mira) + "picture/").status_code == 404
    assert own.get(page(mira)).status_code == 200 and Client().get(page(mira)).status_code == 404
    own.post("/settings/profile/", stale | before | {"initial-picture_audience": "0"})
    assert Client().get(page(mira) + "picture/").status_code == 200, "there it was chosen"


@pytest.mark.parametrize(
    "file",
    [b"", b"\xff\xd8\xff", b"<svg/>", b"GIF89a" + b"\xff" * 40, photo()[:-400][:300], b"%PDF-1.7"],
)
def test_what_is_no_picture_is_refused_in_words_and_the_rest_is_kept(own, file):
    with pytest.raises(NotAPicture):
        portrait(BytesIO(file))
    sent = {"name": "Mira", "name_audience": "0", "picture_audience": "0"}
    answer = own.post(
        "/settings/profile/", sent | {"picture": SimpleUploadedFile("me.jpg", file or b"x")}
    )
    assert "could not be read as a picture" in answer.content.decode()
    assert 'value="Mira"' in answer.content.decode()


@pytest.mark.slow
def test_a_picture_with_far_too_many_pixels_is_refused_before_it_is_opened():
    out = BytesIO()
    Image.new("1", (10_000, 10_000)).save(out, "PNG")
    with pytest.raises(NotAPicture):
        portrait(BytesIO(out.getvalue()))


UNFOLDING = """
import re, threading
from io import BytesIO
from PIL import Image
from plainview.platform.media.portraits import portrait
out = BytesIO()
Image.new("RGBA", (10_000, 1000)).save(out, "WEBP", lossless=True)
small = out.getvalue()
threads = [threading.Thread(target=portrait, args=(BytesIO(small),)) for _ in range(6)]
for each in threads: each.start()
for each in threads: each.join()
peak = re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())
print(len(small) < 2000, int(peak[1]) // 1024)
"""


@pytest.mark.slow
def test_small_files_that_unfold_to_many_pixels_do_not_fill_the_memory_together():
    """A few at once, of two kilobytes each, took six gigabytes of the web process."""
    asked = [sys.executable, "-c", UNFOLDING]
    said = subprocess.run(asked, capture_output=True, text=True, check=True).stdout.split()
    assert said[0] == "True"
    assert int(said[1]) < 400, "megabytes; one alone takes some 250"


@pytest.mark.slow
def test_a_picture_of_more_pixels_than_are_decoded_is_refused_but_for_a_jpeg_read_smaller():
    for form, taken in (("JPEG", True), ("PNG", False), ("WEBP", False), ("GIF", False)):
        out = BytesIO()
        Image.new("L", (5200, 5200)).save(out, form)
        try:
            portrait(BytesIO(out.getvalue()))
        except NotAPicture:
            assert not taken, form
        else:
            assert taken, form


def test_what_somebody_writes_is_text_and_never_markup(own, mira):
    tells(own, name="<b>Mira</b>", name_audience="2", about="<script>x</script>", about_audience=2)
    seen = main_of(Client().get(page(mira)))
    assert "<b>Mira" not in seen
    assert "<script>" not in seen
    assert "&lt;script&gt;" in seen


def test_p5_1_1a_each_thing_that_a_person_gave_has_a_place_to_change_it(own):
    """A walk over the data map: what these tables hold that came from a form leads to a page."""
    tables = ("accounts_", "account_", "mfa_")
    held = {
        column.mark.category
        for column in registry().columns()
        if column.mark.category and column.key[0].startswith(tables)
    }
    categories = [in_force().categories[category] for category in held]
    given = {each.id: each.edit for each in categories if each.edit}
    assert {"profile.name", "profile.about", "demographics.gender", "contact.email"} <= set(given)
    assert {"credentials.password", "credentials.keys", "profile.picture"} <= set(given)
    for category, place in given.items():
        assert own.get(place, follow=True).status_code == 200, category
    assert 'href="/accounts/email/"' in own.get("/settings/profile/").content.decode()


@pytest.mark.doors_only
def test_p1_1_3a_gender_is_read_for_the_own_profile_and_for_nothing_else(db, refused):
    """P1.1.3a: whoever writes the query, no other purpose of the policy gets the column."""
    with duty("fixture"):
        mira = User.objects.create_user("mira@lantern.example").pk
        facts = permissions.resident(permissions.newcomer("IE"), "IE")
        permissions.change(mira, lambda _: facts)
        Gender.objects.create(account_id=mira, value="woman", audience=Audience.EVERYONE)

    def read(purpose: str) -> list[str]:
        @runs(purpose, about="account")
        def told(*, account):
            return list(Gender.objects.values_list("value", flat=True))

        return told(account=mira)

    for purpose in set(in_force().purposes) - {"profile-gender"}:
        with refused():
            read(purpose)
    assert read("profile-gender") == ["woman"]
