"""What is read of a picture and of its camera's notes, and what is written anew."""

import io
import random
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from PIL import Image, ImageCms

from gis.case import pictures
from gis.case.camera import CameraNotes, read_notes
from gis.case.pictures import read_picture
from gis.errors import InvalidInput, TooLarge
from tests.photos import at_place, notes, opened, picture

CITY_TIME = ZoneInfo("Asia/Shanghai")
TAIPEI = at_place(121.5, 25.0)
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_a_photo_that_lies_on_its_side_is_put_upright(kind: str) -> None:
    kept = read_picture(picture(kind, exif=notes(orientation=6)))
    assert (kept.width_px, kept.height_px) == (48, 64)
    for content in (kept.content, *kept.small.values()):
        upright = opened(content).convert("RGB")
        assert upright.size == (48, 64)
        assert _is_blue(upright.getpixel((40, 8)))  # the upper left went to the upper right
        assert not _is_blue(upright.getpixel((8, 8)))


def _is_blue(colour: tuple[int, int, int]) -> bool:
    return colour[2] > 150 > colour[0]


def test_small_sizes_fit_and_are_never_larger_than_the_photo() -> None:
    large = read_picture(picture(size=(2400, 1800)))
    assert {name: opened(content).size for name, content in large.small.items()} == {
        "screen": (1600, 1200),
        "thumb": (320, 240),
    }
    small = read_picture(picture(size=(200, 100)))
    assert {opened(content).size for content in small.small.values()} == {(200, 100)}


def test_a_transparent_picture_stands_on_white_where_it_is_small() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (400, 400), (255, 0, 0, 0)).save(out, "PNG")
    kept = read_picture(out.getvalue())
    assert opened(kept.content).mode == "RGBA"
    assert opened(kept.small["thumb"]).getpixel((9, 9)) == (255, 255, 255)


def test_the_second_view_of_a_phones_photo_is_dropped() -> None:
    """Phones write MPO: a JPEG with a depth map or a gain map behind it."""
    second = Image.new("RGB", (64, 48), "green")
    kept = read_picture(picture("MPO", save_all=True, append_images=[second]))
    assert kept.media_type == "image/jpeg"
    assert getattr(opened(kept.content), "n_frames", 1) == 1


def test_words_hidden_in_a_picture_are_dropped() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    hidden = {"comment": b"hidden words", "xmp": b"<x:xmpmeta>hidden words</x:xmpmeta>"}
    kept = read_picture(picture("JPEG", icc_profile=profile, **hidden))
    assert b"hidden words" not in kept.content
    assert "icc_profile" not in opened(kept.content).info


@pytest.mark.filterwarnings("ignore::Warning:PIL")
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_a_damaged_photo_is_refused_or_read_and_nothing_else(kind: str) -> None:
    """Two hundred times: some bytes changed, mostly in the head, where sizes and lengths stand."""
    whole = picture(kind, size=(200, 150), exif=notes("2026:11:20 10:11:12", "+08:00", TAIPEI, 6))
    chance = random.Random(kind)  # noqa: S311 - the same damage in every run
    refused = 0
    for _n in range(200):
        damaged = bytearray(whole)
        reach = min(len(whole), chance.choice((60, 400, len(whole))))
        for _m in range(chance.choice((1, 3, 20))):
            damaged[chance.randrange(reach)] = chance.randrange(256)
        try:
            kept = read_picture(bytes(damaged))
        except (InvalidInput, TooLarge):
            refused += 1
        else:
            assert max(opened(kept.small["thumb"]).size) <= pictures.SIZES["thumb"]
    assert refused


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_a_bomb_is_refused_before_its_pixels_are_decoded(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    content = picture(kind, size=(1001, 1000))
    monkeypatch.setattr(pictures, "MOST_PIXELS", 1_000_000)
    monkeypatch.setattr(Image.Image, "load", lambda _self: pytest.fail("was decoded"))
    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", lambda _self: pytest.fail("was decoded"))
    with pytest.raises(TooLarge):
        read_picture(content)


@pytest.mark.parametrize(
    ("exif", "found"),
    [
        (notes("2026:11:20 10:11:12"), CameraNotes(datetime(2026, 11, 20, 10, 11, 12, tzinfo=CITY_TIME))),
        (notes("2026:11:20 10:11:12", "-03:30"), CameraNotes(datetime(2026, 11, 20, 13, 41, 12, tzinfo=UTC))),
        (notes("2026:11:20 10:11:12", "noon"), CameraNotes(datetime(2026, 11, 20, 2, 11, 12, tzinfo=UTC))),
        (notes("0000:00:00 00:00:00"), CameraNotes()),
        (notes("1980:01:01 00:00:00"), CameraNotes()),
        (notes("2026:11:25 10:11:12"), CameraNotes()),
        (notes("yesterday"), CameraNotes()),
        (notes(place=TAIPEI), CameraNotes(None, 121.5, 25.0)),
        (notes(place=at_place(-70.5, -33.25)), CameraNotes(None, -70.5, -33.25)),
        (notes(place=at_place(0, 0)), CameraNotes()),
        (notes(place={1: "N", 2: (95.0, 0.0, 0.0), 3: "E", 4: (109.0, 0.0, 0.0)}), CameraNotes()),
        (notes(place={1: "N", 2: (39.0, 70.0, 0.0), 3: "E", 4: (109.0, 0.0, 0.0)}), CameraNotes()),
        (notes(place={1: "up", 2: (39.0, 0.0, 0.0), 3: "E", 4: (109.0, 0.0, 0.0)}), CameraNotes()),
        (notes(place={2: (39.0, 0.0, 0.0), 4: (109.0, 0.0, 0.0)}), CameraNotes()),
    ],
)  # fmt: skip
def test_notes_that_cannot_be_true_are_left_out(exif: Image.Exif, found: CameraNotes) -> None:
    read = read_notes(opened(picture(exif=exif)), CITY_TIME, NOW)
    assert read == found


def test_a_time_that_cannot_be_true_leaves_the_next_one() -> None:
    exif = notes("0000:00:00 00:00:00")
    exif[0x0132] = "2026:11:20 08:00:00"
    assert read_notes(opened(picture(exif=exif)), CITY_TIME, NOW).taken_at == datetime(
        2026, 11, 20, 8, tzinfo=CITY_TIME
    )


@pytest.mark.filterwarnings("ignore:Truncated File Read")
def test_notes_that_cannot_be_read_do_not_keep_a_photo_out() -> None:
    content = picture(exif=notes("2026:11:20 10:11:12").tobytes()[:60])
    assert read_picture(content).notes == CameraNotes()
