"""Statements about one package agree when one version meets them all."""

import pytest

from hub.notebooks.versions import agree


@pytest.mark.parametrize(
    "stated",
    [
        [],
        ["2.3.4"],
        [">=2", "2.3.4"],
        ["=2.3", ">=2.2", "2.3.3"],
        [">2", "<3"],
        ["any", "~=1.4"],
        ["git+https://forge.example/x", "git+https://forge.example/x"],
    ],
)
def test_what_one_version_can_meet_agrees(stated: list[str]) -> None:
    assert agree(stated)


@pytest.mark.parametrize(
    "stated",
    [["=4.3", ">=4.3", "4.5.0"], ["2.3.4", "2.3.5"], ["<2", ">=2"], ["git+https://forge.example/x", "1.0"]],
)
def test_what_no_version_meets_does_not_agree(stated: list[str]) -> None:
    assert not agree(stated)
