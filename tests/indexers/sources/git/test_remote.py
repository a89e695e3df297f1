"""Repositories on other machines, played by servers and commands on this one."""

import http.server
import os
import ssl
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from indexers.registry import SourceUnreadable
from indexers.sources.git.location import Rules, parse
from indexers.sources.git.mirror import Mirror
from tests.indexers.repositories import Building

HERE = Rules(allow_local=True)


class Forge(http.server.BaseHTTPRequestHandler):
    """Serves the repositories of `folder`; `/locked/` asks for a password, `/elsewhere/` sends away."""

    folder: Path
    shown: list[str]

    def do_GET(self) -> None:  # the name of http.server
        self._answer(b"")

    def do_POST(self) -> None:  # the name of http.server
        body = b""
        if self.headers.get("Transfer-Encoding") == "chunked":
            while size := int(self.rfile.readline(), 16):
                body += self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()
        self._answer(body or self.rfile.read(int(self.headers.get("Content-Length", "0"))))

    def _answer(self, body: bytes) -> None:
        type(self).shown.append(self.headers.get("Authorization", ""))
        if self.path.startswith("/locked/") and not self.headers.get("Authorization"):
            self._send(401, {"WWW-Authenticate": 'Basic realm="forge"'}, b"")
        elif self.path.startswith("/elsewhere/"):
            self._send(302, {"Location": "https://169.254.169.254/info/refs?service=git-upload-pack"}, b"")
        else:
            self._send(*self._backend(body))

    def _backend(self, body: bytes) -> tuple[int, dict[str, str], bytes]:
        path, _, query = self.path.removeprefix("/locked").partition("?")
        environment = {
            "PATH": os.environ["PATH"],
            "GIT_PROJECT_ROOT": str(self.folder),
            "GIT_HTTP_EXPORT_ALL": "1",
            "GIT_PROTOCOL": self.headers.get("Git-Protocol", ""),
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "REQUEST_METHOD": self.command,
            "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "CONTENT_LENGTH": str(len(body)),
            "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
        }
        done = subprocess.run(
            ["git", "http-backend"], input=body, env=environment, capture_output=True, check=True
        )
        head, _, content = done.stdout.partition(b"\r\n\r\n")
        headers = dict(line.split(": ", 1) for line in head.decode("ascii").split("\r\n"))
        return int(headers.pop("Status", "200").split(" ")[0]), headers, content

    def _send(self, status: int, headers: dict[str, str], content: bytes) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(content))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002  # the name of http.server
        """Nothing on standard error."""


@pytest.fixture
def forge(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, repository: Building) -> Iterator[str]:
    """An https server on this machine that serves the repository as `demo.git`; its `localhost:port`."""
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
         "-addext", "subjectAltName=DNS:localhost", "-keyout", str(key), "-out", str(certificate)],
        capture_output=True, check=True,
    )  # fmt: skip
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    Forge.folder, Forge.shown = repository.folder.parent, []
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Forge)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    monkeypatch.setenv("GIT_SSL_CAINFO", str(certificate))
    for name in ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"localhost:{server.server_port}"
    server.shutdown()
    server.server_close()


def update(location: str, tmp_path: Path) -> Mirror:
    mirror = Mirror(location=parse(location), scratch=tmp_path / "scratch", rules=HERE)
    mirror.update()
    return mirror


def test_a_repository_is_fetched_over_https_and_followed(
    forge: str, tmp_path: Path, repository: Building
) -> None:
    repository.commit({"a.py": "x = 1\n"})
    mirror = update(f"https://ada:swordfish@{forge}/locked/demo.git", tmp_path)
    head = repository.commit({"a.py": "x = 2\n"})
    assert mirror.update().refs.head == head
    assert mirror.git.run("cat-file", "blob", f"{head}:a.py") == b"x = 2\n"
    assert set(Forge.shown) == {mirror.location.authorization}
    kept = b"".join(path.read_bytes() for path in mirror.scratch.rglob("*") if path.is_file())
    assert b"swordfish" not in kept
    assert mirror.location.authorization.encode() not in kept


def test_a_server_that_sends_us_elsewhere_is_not_followed(forge: str, tmp_path: Path) -> None:
    with pytest.raises(SourceUnreadable) as refused:
        update(f"https://ada:swordfish@{forge}/elsewhere/demo.git", tmp_path)
    assert refused.value.code == "location_redirects"
    assert "swordfish" not in str(refused.value)


def test_a_server_that_asks_for_a_password_gets_no_prompt(forge: str, tmp_path: Path) -> None:
    with pytest.raises(SourceUnreadable) as refused:
        update(f"https://{forge}/locked/demo.git", tmp_path)
    assert refused.value.code == "access_denied"


def test_objects_that_git_calls_malformed_are_not_taken_over_https(
    forge: str, tmp_path: Path, repository: Building
) -> None:
    tree = repository.git("mktree", data=f"100644 blob {_blob(repository)}\t.git\n".encode())
    commit = repository.git("commit-tree", "-m", "trap", tree)
    repository.ref("refs/heads/main", commit)
    with pytest.raises(SourceUnreadable, match="hasDotgit"):
        update(f"https://{forge}/demo.git", tmp_path)


def test_a_repository_is_fetched_over_ssh(
    tmp_path: Path, repository: Building, monkeypatch: pytest.MonkeyPatch
) -> None:
    head = repository.commit({"a.py": "x = 1\n"})
    (tmp_path / "bin").mkdir()
    said = tmp_path / "said"
    ssh = tmp_path / "bin" / "ssh"
    ssh.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" > {said}\nfor last; do :; done\nexec sh -c "$last"\n')
    ssh.chmod(0o755)
    monkeypatch.setenv("PATH", f"{ssh.parent}:{os.environ['PATH']}")
    mirror = update(f"ssh://git@127.0.0.1:2222{repository.folder}", tmp_path)
    assert mirror.git.run("cat-file", "blob", f"{head}:a.py") == b"x = 1\n"
    arguments = said.read_text().splitlines()
    assert {"-oBatchMode=yes", "-oHostName=127.0.0.1", "2222", "git@127.0.0.1"} <= set(arguments)


def _blob(repository: Building) -> str:
    return repository.git("hash-object", "-w", "--stdin", data=b"x")
