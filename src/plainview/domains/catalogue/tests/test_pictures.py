"""A picture becomes files in sizes, cut around what matters, by a confined process."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation
from PIL import Image, ImageCms

from plainview.domains.accounts.models import User
from plainview.domains.catalogue import services, tasks
from plainview.domains.catalogue.models import Title
from plainview.platform.media import MediaError
from plainview.platform.media.pictures import sizes
from plainview.web.tests.conftest import a_title

pytestmark = pytest.mark.slow


def picture(width: int = 1000, height: int = 1500) -> bytes:
    """Blue, with a red right half."""
    image = Image.new("RGB", (width, height), "#2040c0")
    image.paste("#d02020", (width // 2, 0, width, height))
    out = BytesIO()
    image.save(out, "JPEG", quality=90)
    return out.getvalue()


def test_sizes_are_those_that_the_picture_fills_and_hold_what_matters(tmp_path):
    path = tmp_path / "wide.jpg"
    path.write_bytes(picture(1600, 600))
    made = sizes(path, ratio=(2, 3), widths=[200, 400, 800], focus=(0.9, 0.5))
    assert set(made.files) == {("avif", 200), ("avif", 400), ("webp", 200), ("webp", 400)}
    for (form, width), data in made.files.items():
        with Image.open(BytesIO(data)) as image:
            assert (image.format, image.size) == (form.upper(), (width, width * 3 // 2))
            red, _green, blue = image.convert("RGB").getpixel((width // 2, width // 2))
            assert red > blue
    assert made.colour.startswith("#d")


def of_red_and_green(*, swapped: bool) -> Image.Image:
    """Red, by a profile of colours that calls it green if `swapped`: its two tags change names."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    if swapped:
        profile = profile.replace(b"rXYZ", b"?XYZ").replace(b"gXYZ", b"rXYZ")
        profile = profile.replace(b"?XYZ", b"gXYZ")
    image = Image.new("RGB", (400, 600), (255, 0, 0))
    image.info["icc_profile"] = profile
    return image


def with_nonsense_beside_it() -> Image.Image:
    image = Image.new("RGB", (400, 600), (255, 0, 0))
    image.info |= {"icc_profile": b"no profile of colours", "exif": b"nothing of a camera"}
    return image


def half_clear(mode: str) -> Image.Image:
    image = Image.new("RGBA", (400, 600), (0, 0, 0, 0))
    image.paste((255, 0, 0, 255), (0, 0, 400, 600))
    image.paste((0, 0, 0, 0), (100, 100, 300, 500))
    return image.quantize(4) if mode == "P" else image


@pytest.mark.parametrize(
    ("image", "middle"),
    [
        pytest.param(of_red_and_green(swapped=False), (255, 0, 0), id="its own are a screen's"),
        pytest.param(of_red_and_green(swapped=True), (0, 255, 0), id="a profile of others"),
        pytest.param(with_nonsense_beside_it(), (255, 0, 0), id="nonsense beside it"),
        pytest.param(Image.new("CMYK", (400, 600), (0, 255, 255, 0)), (255, 0, 0), id="for print"),
        pytest.param(Image.new("I;16", (400, 600), 0x8080), (128, 128, 128), id="sixteen bits"),
        pytest.param(half_clear("RGBA"), (255, 255, 255), id="clear in the middle"),
        pytest.param(half_clear("P"), (255, 255, 255), id="clear, of a palette"),
        pytest.param(Image.new("LA", (400, 600), (0, 0)), (255, 255, 255), id="clear, of grey"),
    ],
)
def test_a_picture_has_the_colours_that_its_file_means(tmp_path, image, middle):
    """As posters come from a printer's desk, and photographs from a telephone."""
    path = tmp_path / "poster"
    kind = "JPEG" if image.mode == "CMYK" else "PNG"
    image.save(path, kind, **image.info)
    made = sizes(path, ratio=(2, 3), widths=[200], focus=(0.5, 0.5))
    with Image.open(BytesIO(made.files["webp", 200])) as shown:
        seen = shown.convert("RGB").getpixel((100, 150))
    assert all(abs(each - other) < 8 for each, other in zip(seen, middle, strict=True)), seen


@pytest.mark.parametrize("data", [b"", b"GIF89a", b"\x89PNG\r\n\x1a\n broken", picture()[:900]])
def test_what_is_no_picture_is_one_verdict(tmp_path, data):
    path = tmp_path / "x.png"
    path.write_bytes(data)
    with pytest.raises(MediaError):
        sizes(path, ratio=(2, 3), widths=[200], focus=(0.5, 0.5))


@pytest.mark.django_db
def test_an_editor_puts_a_poster_on_and_pages_offer_its_sizes(at_desk, client):
    title = a_title("harbour-lights")
    Title.objects.update(accent="")
    desk = at_desk(User.objects.create_user("desk@example.org", roles="editor"))
    door = "/desk/titles/harbour-lights/pictures/"
    fields = {"use": "poster", "focus_x": "10", "focus_y": "50"}
    bad = desk.post(door, fields | {"picture": SimpleUploadedFile("x.svg", b"<svg/>")})
    assert bad.status_code == 422
    answer = desk.post(door, fields | {"picture": SimpleUploadedFile("x.jpg", picture())})
    assert answer.status_code == 302
    tasks.make_sizes(title_id=title.pk)
    page = client.get("/").content.decode()
    assert 'type="image/avif"' in page
    assert " 200w" in page
    title.refresh_from_db()
    (smallest, name), *_more = title.pictures["poster"]["avif"]
    assert smallest == 200
    assert client.get(f"/artwork/{name}")["Content-Type"] == "image/avif"
    assert title.accent
    assert title.revisions.count() == 1
    services.undo(title.revisions.get())
    assert 'type="image/avif"' not in client.get("/").content.decode(), "it is another picture's"


def endless() -> bytes:
    """A PNG that says of itself that it has ten thousand million pixels."""
    out = BytesIO()
    Image.new("L", (8, 8)).save(out, "PNG")
    told = struct.pack(">4sIIBBBBB", b"IHDR", 100_000, 100_000, 8, 0, 0, 0, 0)
    whole = out.getvalue()
    return whole[:12] + told + struct.pack(">I", zlib.crc32(told)) + whole[33:]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "data", [picture()[:20] + b"<script>alert(1)</script>", endless()], ids=["broken", "endless"]
)
def test_what_begins_as_a_picture_and_is_none_is_told_to_the_editor(at_desk, data):
    title = a_title("harbour-lights")
    desk = at_desk(User.objects.create_user("desk@example.org", roles="editor"))
    fields = {"use": "poster", "focus_x": "50", "focus_y": "50"}
    name = "x.png" if data[1:4] == b"PNG" else "x.jpg"
    sent = fields | {"picture": SimpleUploadedFile(name, data)}
    answer = desk.post("/desk/titles/harbour-lights/pictures/", sent)
    assert answer.status_code == 422
    assert "This picture is broken, or larger than" in answer.content.decode()
    title.refresh_from_db()
    assert not title.pictures
    assert not title.revisions.exists()


@pytest.mark.django_db
def test_a_picture_that_breaks_off_keeps_no_other_from_its_sizes():
    title = a_title("harbour-lights")
    services.put_picture(title, "poster", picture()[:900], ".jpg")
    services.put_picture(title, "backdrop", picture(1600, 900), ".jpg")
    with pytest.raises(ExceptionGroup):
        tasks.make_sizes(title_id=title.pk)
    title.refresh_from_db()
    assert "avif" in title.pictures["backdrop"]
    assert "avif" not in title.pictures["poster"]


@pytest.mark.django_db
def test_a_poster_with_words_is_shown_to_who_reads_them_and_the_other_to_everybody_else(
    at_desk, client
):
    title = a_title("harbour-lights")
    desk = at_desk(User.objects.create_user("desk@example.org", roles="editor"))
    door = "/desk/titles/harbour-lights/pictures/"
    fields = {"use": "poster", "focus_x": "50", "focus_y": "50"}
    for language, width in (("", 300), ("ko", 290), ("pt", 280)):
        file = SimpleUploadedFile("x.jpg", picture(width, 450))
        desk.post(door, fields | {"language": language, "picture": file})
    tasks.make_sizes(title_id=title.pk)
    title.refresh_from_db()
    names = {"": title.poster} | {tag: uses["poster"] for tag, uses in title.artwork.items()}
    assert len(set(names.values())) == 3
    assert all("avif" in title.pictures[f"poster:{tag}"] for tag in ("ko", "pt"))

    def shown(path: str) -> set[str]:
        page = client.get(path).content.decode()
        return {tag for tag, name in names.items() if f"/artwork/{name}" in page}

    assert shown("/?lang=ko") == {"ko"}
    assert shown("/?lang=ar") == {""}
    assert shown("/titles/harbour-lights/?lang=ko") == {"ko"}
    assert names["ko"] in client.get("/api/v1/titles?lang=ko").json()["titles"][0]["poster"]
    with translation.override("pt-br"):
        assert title.picture("poster") == names["pt"], "a parent's is better than none"
    Title.objects.update(poster="")
    title.refresh_from_db()
    with translation.override("ar"):
        assert title.picture("poster") in names.values(), "rather one with other words than none"
    exported = services.exported([title], "csv")
    Title.objects.update(artwork={})
    services.imported(exported, "csv")
    title.refresh_from_db()
    assert set(title.artwork) == {"ko", "pt"}
    assert "한국어" in desk.get(f"{door}?lang=ko").content.decode()
