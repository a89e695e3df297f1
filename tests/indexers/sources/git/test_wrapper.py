"""Git is run one way only: capped, without prompts, with secrets cut out."""

import http.server
import os
import ssl
import subprocess
import threading
import time
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

from indexers.registry import SourceUnreadable
from indexers.sources.git.location import Rules, parse
from indexers.sources.git.mirror import Mirror
from indexers.sources.git.objects import Objects
from indexers.sources.git.wrapper import Access, Caps, Git, GitFailed
from tests.indexers.repositories import Building, Content


def test_output_over_the_cap_ends_git(repository: Building) -> None:
    repository.commit({"big.txt": b"x" * 500_000})
    git = Git(directory=repository.folder, caps=Caps(output_bytes=100_000))
    with pytest.raises(GitFailed) as failed:
        git.run("cat-file", "blob", repository.blob_of("big.txt"))
    assert failed.value.code == "git_output_too_large"


def test_a_git_that_says_nothing_is_stopped_with_all_it_started(repository: Building, tmp_path: Path) -> None:
    started = tmp_path / "started"
    slow = tmp_path / "ssh"
    slow.write_text(f"#!/bin/sh\nsleep 600 &\necho $! > {started}\nwait\n")
    slow.chmod(0o755)
    access = Access(protocols=("ssh",), ssh_options=())
    git = Git(directory=repository.folder, caps=Caps(idle_seconds=1.0), access=access)
    path = os.environ["PATH"]
    os.environ["PATH"] = f"{tmp_path}:{path}"
    try:
        with pytest.raises(GitFailed) as failed:
            git.run("ls-remote", "--end-of-options", "ssh://git@example.org/a.git")
    finally:
        os.environ["PATH"] = path
    assert failed.value.code == "git_timeout"
    assert _ends(int(started.read_text()))


def _ends(process: int) -> bool:
    """Whether a killed process is gone within seconds; one that nobody has waited for yet counts as gone."""
    for _ in range(100):
        try:
            if Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return True
        except OSError:
            return True
        time.sleep(0.05)
    return False


@pytest.mark.parametrize("address", ["ext::sh -c 'touch %S'", "git://example.org/a.git", "file:///etc"])
def test_a_protocol_that_was_not_asked_for_is_refused(repository: Building, address: str) -> None:
    git = Git(directory=repository.folder, access=Access(protocols=("https",)))
    with pytest.raises(GitFailed, match="not allowed"):
        git.run("ls-remote", "--end-of-options", address)


def test_objects_come_in_order_whatever_is_wrong_with_some(repository: Building) -> None:
    files: dict[str, Content] = {f"{at}.txt": f"{at}" * 1000 for at in range(200)}
    repository.commit(files)
    ids = [repository.blob_of(path) for path in ("1.txt", "2.txt")] + ["1" * 40]
    tree = repository.git("rev-parse", "refs/heads/main^{tree}")
    git = Git(directory=repository.folder)
    with Objects(git, limit=1500) as objects:
        wanted = [*ids, tree, *ids]
        assert [found.state for found in objects.read(wanted)] == [
            "read", "read", "missing", "not-a-blob", "read", "read", "missing",
        ]  # fmt: skip
        left = objects.read(ids * 50)
        next(left)
        assert isinstance(left, Generator)
        left.close()
        assert next(objects.read([ids[1]])).data == b"2" * 1000


def test_an_object_above_the_limit_is_passed_over(repository: Building) -> None:
    repository.commit({"big.txt": b"x" * 300_000, "small.txt": b"y"})
    ids = [repository.blob_of("big.txt"), repository.blob_of("small.txt")]
    with Objects(Git(directory=repository.folder), limit=1000) as objects:
        found = list(objects.read(ids))
    assert [(one.state, one.size, one.data) for one in found] == [
        ("too-large", 300_000, b""),
        ("read", 1, b"y"),
    ]


class Forge(http.server.BaseHTTPRequestHandler):
    """Answers every request by sending it elsewhere, and remembers what it was shown."""

    seen: list[tuple[str, str]]

    def do_GET(self) -> None:  # the name of http.server
        type(self).seen.append((self.path, self.headers.get("Authorization", "")))
        if "locked" in self.path:
            self.send_response(401)
            self.send_header("WWW-Authenticate", 'Basic realm="forge"')
        else:
            self.send_response(302)
            self.send_header(
                "Location", "https://169.254.169.254/latest/meta-data/info/refs?service=git-upload-pack"
            )
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002  # the name of http.server
        """Nothing on standard error."""


@pytest.fixture
def forge(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """An https server on this machine; its port."""
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    made = subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
         "-addext", "subjectAltName=DNS:localhost", "-keyout", str(key), "-out", str(certificate)],
        capture_output=True, check=False,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    Forge.seen = []
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Forge)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    monkeypatch.setenv("GIT_SSL_CAINFO", str(certificate))
    for name in ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server.server_port
    server.shutdown()
    server.server_close()


def test_a_server_that_sends_us_elsewhere_is_not_followed(forge: int, tmp_path: Path) -> None:
    location = parse(f"https://ada:swordfish@localhost:{forge}/org/rides.git")
    with pytest.raises(SourceUnreadable) as refused:
        Mirror(location=location, scratch=tmp_path / "scratch", rules=Rules(allow_local=True)).update()
    assert refused.value.code == "location_redirects"
    assert "swordfish" not in str(refused.value)
    assert Forge.seen
    assert Forge.seen[0][1] == location.authorization


def test_a_server_that_asks_for_a_password_gets_no_prompt(forge: int, tmp_path: Path) -> None:
    location = parse(f"https://localhost:{forge}/locked/rides.git")
    with pytest.raises(SourceUnreadable) as refused:
        Mirror(location=location, scratch=tmp_path / "scratch", rules=Rules(allow_local=True)).update()
    assert refused.value.code == "access_denied"
