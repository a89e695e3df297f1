"""Rules that every template keeps, because the content policy and the islands rely on them."""

import re
from pathlib import Path

import pytest
from django.template.loader import get_template

FRONTEND = Path(__file__).resolve().parents[3] / "frontend"
TEMPLATES = sorted((FRONTEND / "templates").rglob("*.html"))
ICONS = {*(FRONTEND / "icons.txt").read_text().split(), "boxwood"}


def name(path: Path) -> str:
    return str(path.relative_to(FRONTEND / "templates"))


@pytest.fixture(params=TEMPLATES, ids=name)
def template(request: pytest.FixtureRequest) -> Path:
    path = request.param
    assert isinstance(path, Path)
    return path


def test_it_compiles(template: Path) -> None:
    get_template(name(template))


def test_it_says_what_it_expects(template: Path) -> None:
    assert template.read_text().startswith("{# ")


def test_it_trusts_no_text_and_holds_no_style_script_or_handler(template: Path) -> None:
    text = template.read_text()
    assert not re.search(r"\|\s*safe\b|autoescape off", text)
    assert not re.search(r"\sstyle=|\son[a-z]+=|<style|<script(?! type=\"module\" src=)|javascript:", text)


def test_its_icons_are_in_the_sprite(template: Path) -> None:
    assert set(re.findall(r"{% icon \"([\w-]+)\"", template.read_text())) <= ICONS


def test_each_request_of_htmx_names_its_target_itself(template: Path) -> None:
    for tag in re.findall(r"<[^>]*\bhx-get=[^>]*>", re.sub(r"{%.*?%}", "", template.read_text())):
        assert "hx-swap=" in tag
        assert "hx-target=" in tag or "revealed" in tag
