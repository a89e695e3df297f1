"""What may be named as a repository, and what is refused."""

from pathlib import Path

import pytest

from indexers.registry import SourceUnreadable
from indexers.sources.git.location import Rules, looks_like_git, parse, resolve


@pytest.mark.parametrize(
    "location",
    [
        "",
        "-oProxyCommand=touch x",
        "--upload-pack=touch x",
        "ext::sh -c touch% x",
        "fd::17",
        "ext::https://example.org/a.git",
        "http://example.org/a.git",
        "git://example.org/a.git",
        "ftp://example.org/a.git",
        "https://-oops/a.git",
        "https://example.org",
        "https://example.org/--upload-pack=x",
        "https://example.org/a.git?x=1",
        "https://example.org:99999/a.git",
        "https://exa mple.org/a.git",
        "ssh://-oProxyCommand=touch/a.git",
        "ssh://-l@example.org/a.git",
        "ssh://git@example.org/-a",
        "git@example.org:-a",
        "file://elsewhere/a.git",
        "https://example.org/a\n.git",
        "/no/such/folder",
    ],
)
def test_what_git_could_take_for_a_command_or_cannot_read_safely_is_refused(location: str) -> None:
    with pytest.raises(SourceUnreadable):
        parse(location)


@pytest.mark.parametrize(
    ("location", "address", "name"),
    [
        ("https://github.com/Org/Rides.git", "https://github.com/Org/Rides.git", "rides"),
        ("https://example.org:8443/rides", "https://example.org:8443/rides", "rides"),
        ("ssh://git@example.org:2222/org/rides.git", "ssh://git@example.org:2222/org/rides.git", "rides"),
        ("git@example.org:org/rides.git", "ssh://git@example.org/org/rides.git", "rides"),
        ("https://example.org/org/R%C3%A4der.git", "https://example.org/org/R%C3%A4der.git", "r-der"),
    ],
)
def test_a_url_is_read_as_people_write_it(location: str, address: str, name: str) -> None:
    found = parse(location)
    assert (found.address, found.name) == (address, name)


def test_credentials_are_in_nothing_that_is_shown() -> None:
    found = parse("https://ada:sword%40fish@example.org/rides.git")
    assert found.authorization.startswith("Basic ")
    assert "sword" not in repr(found)
    assert found.address == found.shown == "https://example.org/rides.git"


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f.1",
        "0.0.0.0",
        "169.254.169.254",
        "100.100.100.200",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:a9fe:a9fe]",
        "[fe80::1]",
        "[fd00:ec2::254]",
    ],
)
def test_this_machine_and_metadata_services_are_not_reached(host: str) -> None:
    with pytest.raises(SourceUnreadable) as refused:
        resolve(parse(f"https://{host}/a.git"), Rules())
    assert refused.value.code == "location_refused"


def test_an_operator_may_allow_this_machine() -> None:
    assert resolve(parse("https://127.0.0.1/a.git"), Rules(allow_local=True)) == "127.0.0.1"


def test_a_network_of_the_company_is_reached() -> None:
    assert resolve(parse("ssh://git@10.1.2.3/a.git"), Rules()) == "10.1.2.3"


def test_only_what_looks_like_git_is_accepted(tmp_path: Path) -> None:
    assert looks_like_git("git@example.org:org/rides.git")
    assert looks_like_git("https://example.org/rides.git")
    assert not looks_like_git("https://mlflow.example.org/")
    assert not looks_like_git("postgresql://example.org/rides")
    assert not looks_like_git(str(tmp_path))
