"""Where a repository is: what an operator may name, and what is refused because of whom it would reach."""

import base64
import ipaddress
import re
import socket
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal
from urllib.parse import SplitResult, unquote, urlsplit

from indexers.registry import SourceUnreadable

Transport = Literal["path", "bundle", "https", "ssh"]

_SCP = re.compile(
    r"(?:(?P<user>[A-Za-z0-9._-]+)@)?(?P<host>[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\]):(?P<path>(?!/?/)[^\s]+)"
)
_HELPER = re.compile(r"[A-Za-z0-9+.-]+::")
_FORGES = frozenset({"github.com", "gitlab.com", "bitbucket.org", "codeberg.org", "git.sr.ht"})
_METADATA = frozenset({ipaddress.ip_address("100.100.100.200"), ipaddress.ip_address("fd00:ec2::254")})


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """`allow_local` lets a URL reach this machine and link-local addresses: for tests and mirrors at home."""

    allow_local: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """A repository's place. `address` is for git, `shown` for people: neither holds credentials.

    `authorization` is the value of an HTTP header, kept out of arguments, messages and facts.
    """

    transport: Transport
    address: str
    shown: str
    host: str = ""
    port: int = 0
    authorization: str = field(default="", repr=False)

    @property
    def is_remote(self) -> bool:
        """Whether reading it leaves this machine."""
        return self.transport in ("https", "ssh")

    @property
    def name(self) -> str:
        """The last segment without `.git` or `.bundle`, lower case and safe in a URL."""
        return name_of(self.address)


def name_of(address: str) -> str:
    """The name that people would give the source at a path or URL."""
    segments = [part for part in re.split(r"[/:\\]", address) if part]
    if len(segments) > 1 and segments[-1] == ".git":
        segments.pop()
    last = unquote(segments[-1]) if segments else ""
    last = re.sub(r"\.(git|bundle)$", "", last, flags=re.IGNORECASE)
    return re.sub(r"[^a-z0-9._-]+", "-", last.lower()).strip("-.") or "source"


def is_repository(folder: Path) -> bool:
    """Whether the folder is a bare repository or has a `.git` (a file in linked work trees)."""
    if (folder / ".git").exists():
        return True
    return (folder / "HEAD").is_file() and (folder / "objects").is_dir() and (folder / "refs").is_dir()


def looks_like_git(location: str) -> bool:
    """Whether the words of a location, or the folder it names, are those of a repository."""
    if location.startswith(("ssh://", "git+ssh://")) or (_SCP.fullmatch(location) and "@" in location):
        return True
    if location.startswith("https://"):
        url = urlsplit(location)
        return url.path.endswith(".git") or (url.hostname or "") in _FORGES
    path = _local_path(location)
    return path is not None and (_is_bundle(path) or is_repository(path))


def parse(location: str) -> Location:
    """Read a path or URL. Raises SourceUnreadable: `location_refused` for what git might run."""
    if (
        not location
        or location.startswith("-")
        or any(ord(char) < 32 or ord(char) == 127 for char in location)
    ):
        raise _refused("it starts with a dash, is empty or contains control characters")
    path = _local_path(location)
    if path is not None:
        return _parse_path(path)
    if _HELPER.match(location):
        raise _refused("it names a transport helper, which can run commands")
    if location.startswith("https://"):
        return _parse_https(location)
    if location.startswith(("ssh://", "git+ssh://")):
        return _parse_ssh(urlsplit(location.removeprefix("git+")))
    if "://" not in location and (scp := _SCP.fullmatch(location)):
        user = f"{scp['user']}@" if scp["user"] else ""
        return _parse_ssh(
            urlsplit(f"ssh://{user}{scp['host']}/{scp['path'].lstrip('/')}"),
            shown=location,
        )
    raise _refused("only paths, bundle files, https:// and ssh:// can be read")


def resolve(location: Location, rules: Rules) -> str:
    """The address of a remote location's host, looked up once so that git connects to what was checked.

    Raises SourceUnreadable: `host_unknown`, or `location_refused` when any of its addresses is this
    machine, link-local or a cloud's metadata service.
    """
    try:
        found = socket.getaddrinfo(location.host, location.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise SourceUnreadable(
            "host_unknown", f"The host {location.host} cannot be found: check the URL."
        ) from error
    addresses = [ipaddress.ip_address(str(info[4][0]).partition("%")[0]) for info in found]
    if not rules.allow_local and any(_is_forbidden(address) for address in addresses):
        raise _refused(f"{location.host} is this machine, a link-local or a metadata address")
    return str(addresses[0])


def _is_forbidden(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    mapped = address.ipv4_mapped or address.sixtofour if isinstance(address, ipaddress.IPv6Address) else None
    address = mapped or address
    return (
        address.is_loopback
        or address.is_link_local
        or address.is_unspecified
        or address.is_multicast
        or (address.is_reserved and address.version == 4)
        or address in _METADATA
    )


def _refused(why: str) -> SourceUnreadable:
    return SourceUnreadable("location_refused", f"This location is not read: {why}.")


def _local_path(location: str) -> Path | None:
    if location.startswith("file://"):
        url = urlsplit(location)
        if url.netloc not in ("", "localhost"):
            raise _refused("a file:// URL names another machine")
        return Path(unquote(url.path))
    if location.startswith(("/", "./", "../", "~")) or location in (".", ".."):
        return Path(location).expanduser()
    if "://" in location or "::" in location:
        return None
    path = Path(location)
    return path if ":" not in location.split("/", 1)[0] or path.exists() else None


def _is_bundle(path: Path) -> bool:
    return path.suffix == ".bundle" and path.is_file()


def _parse_path(path: Path) -> Location:
    resolved = path.resolve()
    if _is_bundle(resolved):
        return Location(transport="bundle", address=str(resolved), shown=str(resolved))
    if not resolved.exists():
        raise SourceUnreadable("path_missing", f"{resolved} does not exist.")
    if not is_repository(resolved):
        raise SourceUnreadable("not_a_repository", f"{resolved} is not a Git repository or bundle file.")
    return Location(transport="path", address=str(resolved), shown=str(resolved))


def _parse_https(location: str) -> Location:
    url = urlsplit(location)
    host, port = _host_and_port(url, 443)
    bare = f"https://{host if ':' not in host else f'[{host}]'}{'' if port == 443 else f':{port}'}{url.path}"
    if url.query or url.fragment:
        raise _refused("a repository's URL has no query or fragment")
    authorization = ""
    if url.username is not None:
        pair = f"{unquote(url.username)}:{unquote(url.password or '')}"
        authorization = "Basic " + base64.b64encode(pair.encode()).decode("ascii")
    return Location(
        transport="https",
        address=bare,
        shown=bare,
        host=host,
        port=port,
        authorization=authorization,
    )


def _parse_ssh(url: SplitResult, shown: str = "") -> Location:
    host, port = _host_and_port(url, 22)
    user = url.username or ""
    if user.startswith("-") or not re.fullmatch(r"[A-Za-z0-9._-]*", user):
        raise _refused("the user name has characters that ssh could take as an option")
    at = f"{user}@" if user else ""
    bare = f"ssh://{at}{host if ':' not in host else f'[{host}]'}{'' if port == 22 else f':{port}'}{url.path}"
    return Location(transport="ssh", address=bare, shown=shown or bare, host=host, port=port)


def _host_and_port(url: SplitResult, default: int) -> tuple[str, int]:
    try:
        host, port = url.hostname or "", url.port or default
    except ValueError as error:
        raise _refused("its port is not a number between 1 and 65535") from error
    if not host or host.startswith("-") or not re.fullmatch(r"[A-Za-z0-9._:-]+", host):
        raise _refused("it has no host, or one with characters that no host has")
    if url.path.lstrip("/").startswith("-") or not url.path.strip("/"):
        raise _refused("it names no repository, or one that starts with a dash")
    return host, port
