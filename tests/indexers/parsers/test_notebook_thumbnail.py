import base64
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from indexers.facts import Blob, Fault
from indexers.parsers.notebook import parse, thumbnail, with_thumbnails
from indexers.parsers.notebook.thumbnail import HEIGHT, WIDTH
from tests.indexers.parsers.notebooks import code, dumped, notebook, png, rides, shown


def saved(picture: Image.Image, form: str) -> bytes:
    out = io.BytesIO()
    picture.save(out, form)
    return out.getvalue()


def drawn(found: Blob | Fault) -> Image.Image:
    assert isinstance(found, Blob)
    assert found.media_type == "image/webp"
    return Image.open(io.BytesIO(found.data))


@pytest.mark.parametrize(
    ("size", "expected"),
    [((1280, 960), (WIDTH, 228)), ((100, 3000), (20, HEIGHT)), ((40, 30), (40, 30))],
)
def test_a_thumbnail_fits_and_never_enlarges(size: tuple[int, int], expected: tuple[int, int]) -> None:
    assert drawn(thumbnail(png(*size), "image/png", place="a.ipynb cell 1")).size == expected


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_mode_of_png_is_drawn(mode: str) -> None:
    picture = Image.new(mode, (400, 200))
    shown = drawn(thumbnail(saved(picture, "PNG"), "image/png", place="x"))
    assert shown.size == (304, 152)
    assert ("A" in shown.mode) == ("A" in mode)


@pytest.mark.parametrize(
    ("form", "mode"), [("JPEG", "CMYK"), ("JPEG", "RGB"), ("GIF", "P"), ("WEBP", "RGB"), ("BMP", "RGB")]
)
def test_every_raster_format_is_drawn(form: str, mode: str) -> None:
    data = saved(Image.new(mode, (400, 200)), form)
    assert drawn(thumbnail(data, f"image/{form.lower()}", place="x")).size == (304, 152)


def test_a_picture_above_the_pixel_limit_is_not_decoded() -> None:
    found = thumbnail(png(200, 200), "image/png", place="a.ipynb cell 3", max_pixels=10_000)
    assert isinstance(found, Fault)
    assert (found.code, found.place) == ("picture_too_large", "a.ipynb cell 3")


def test_a_size_that_the_header_hides_is_still_limited() -> None:
    data = saved(Image.new("RGB", (200, 200)), "WEBP")
    found = thumbnail(data, "image/webp", place="x", max_pixels=10_000)
    assert isinstance(found, Fault)
    assert found.code == "picture_unreadable"


def test_a_bomb_that_claims_to_be_huge_is_a_fault() -> None:
    data = bytearray(png())
    data[16:24] = (60_000).to_bytes(4, "big") * 2
    found = thumbnail(bytes(data), "image/png", place="x")
    assert isinstance(found, Fault)
    assert found.code == "picture_too_large"


@pytest.mark.parametrize(
    ("data", "media_type", "code"),
    [
        (b"<svg></svg>", "image/svg+xml", "picture_not_raster"),
        (b"", "image/png", "picture_unreadable"),
        (b"no picture", "image/png", "picture_unreadable"),
        (png(200, 200)[:60], "image/png", "picture_unreadable"),
        (png(), "text/html", "picture_not_raster"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n", "image/png", "picture_unreadable"),
    ],
)
def test_what_cannot_be_drawn_is_a_fault(data: bytes, media_type: str, code: str) -> None:
    found = thumbnail(data, media_type, place="x")
    assert isinstance(found, Fault)
    assert found.code == code
    assert found.message.endswith(".")


SAMPLES = {
    form: saved(Image.effect_noise((40, 30), 50).convert("RGB"), form)
    for form in ("PNG", "JPEG", "GIF", "WEBP", "BMP")
}


@settings(deadline=None, max_examples=150)
@given(st.sampled_from(sorted(SAMPLES)), st.integers(0, 200), st.binary(max_size=30))
def test_no_damaged_picture_raises(form: str, at: int, patch: bytes) -> None:
    data = SAMPLES[form]
    found = thumbnail(data[:at] + patch + data[at + len(patch) :], f"image/{form.lower()}", place="x")
    assert isinstance(found, Blob | Fault)


def test_each_cell_with_a_picture_gets_a_thumbnail_of_the_first() -> None:
    parsed = with_thumbnails("a.ipynb", parse("a.ipynb", dumped(rides())))
    ((cell_id, digest),) = parsed.summary.thumbnails
    assert cell_id == "cell-3"
    assert drawn({blob.digest: blob for blob in parsed.blobs}[digest]).size == (12, 8)
    assert parsed.faults == ()


def test_the_same_picture_twice_is_drawn_once_and_a_broken_one_names_its_cell() -> None:
    good = shown({"image/png": base64.b64encode(png()).decode()})
    broken = shown({"image/png": base64.b64encode(b"no picture").decode()})
    drawing = shown({"image/svg+xml": "<svg></svg>"})
    data = dumped(notebook(code("a", good), code("b", good), code("c", broken), code("d", drawing)))
    parsed = with_thumbnails("a.ipynb", parse("a.ipynb", data))
    assert [cell_id for cell_id, _ in parsed.summary.thumbnails] == ["cell-0", "cell-1"]
    assert len([blob for blob in parsed.blobs if blob.media_type == "image/webp"]) == 1
    assert [(fault.code, fault.place) for fault in parsed.faults] == [
        ("picture_unreadable", "a.ipynb cell 3")
    ]


def test_a_notebook_that_could_not_be_read_has_no_thumbnails() -> None:
    parsed = parse("a.ipynb", b"")
    assert with_thumbnails("a.ipynb", parsed) == parsed
