"""The one way to run git here: fixed configuration, no hooks, no prompts, caps on output and time.

GitPython adds nothing to these rules and starts a process for each commit it diffs, so it is not used.
"""

import contextlib
import fcntl
import os
import re
import resource
import selectors
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import IO, Final, Self

_CONFIGURATION: Final = (
    "core.hooksPath=/dev/null",
    "core.fsmonitor=false",
    "core.attributesFile=/dev/null",
    "core.excludesFile=/dev/null",
    "core.askPass=",
    "core.packedGitWindowSize=8m",
    "core.packedGitLimit=96m",
    "core.deltaBaseCacheLimit=96m",
    "core.bigFileThreshold=32m",
    "safe.bareRepository=explicit",
    "protocol.allow=never",
    "protocol.ext.allow=never",
    "credential.helper=",
    "http.followRedirects=false",
    "fetch.recurseSubmodules=false",
    "submodule.recurse=false",
    "fetch.writeCommitGraph=false",
    "gc.auto=0",
    "maintenance.auto=false",
    "log.showSignature=false",
    "mailmap.file=",
    "init.templateDir=",
    "pack.threads=2",
)
_KEPT_FROM_ENVIRONMENT: Final = (
    "PATH", "HOME", "TMPDIR", "SSH_AUTH_SOCK", "SSL_CERT_FILE", "SSL_CERT_DIR", "GIT_SSL_CAINFO",
    "https_proxy", "HTTPS_PROXY", "no_proxy", "NO_PROXY", "all_proxy", "ALL_PROXY",
)  # fmt: skip
_PROGRESS: Final = re.compile(
    r"(remote: )?(Enumerating|Counting|Compressing|Receiving|Resolving|Updating|Total|From |[*+-] |\d+% )"
)
_CHUNK: Final = 1 << 16
_PIPE: Final = 1 << 20
_STDERR_KEPT: Final = 8192


class GitFailed(Exception):  # named for what happened
    """Git ended with an error, was too slow or wrote too much; `code` is stable, secrets are cut out."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True, kw_only=True)
class Caps:
    """Bounds of one command: bytes of output and of memory, seconds of waiting for output and in all."""

    output_bytes: int = 256 * 2**20
    memory_bytes: int = 4 * 2**30
    idle_seconds: float = 120.0
    total_seconds: float = 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """What a command may reach: protocols of GIT_ALLOW_PROTOCOL, and configuration for it alone.

    `configuration` goes through the environment, so that a secret is in no process list; `secrets`
    are cut out of messages. `own_config` is a file read as the user's configuration, or empty.
    """

    protocols: tuple[str, ...] = ()
    configuration: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    secrets: tuple[str, ...] = field(default=(), repr=False)
    own_config: str = ""
    ssh_options: tuple[str, ...] = ()


def _environment(access: Access) -> dict[str, str]:
    kept = {name: os.environ[name] for name in _KEPT_FROM_ENVIRONMENT if name in os.environ}
    ssh = (
        "ssh",
        "-oBatchMode=yes",
        "-oConnectTimeout=20",
        "-oClearAllForwardings=yes",
        *access.ssh_options,
    )
    fixed = {
        "GIT_ALLOW_PROTOCOL": ":".join(access.protocols) or "none",
        "GIT_ATTR_NOSYSTEM": "1",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": access.own_config or os.devnull,
        "GIT_CONFIG_COUNT": str(len(access.configuration)),
        "GIT_LFS_SKIP_SMUDGE": "1",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_NO_REPLACE_OBJECTS": "1",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_SSH_COMMAND": " ".join(ssh),
        "GIT_SSH_VARIANT": "ssh",
        "GIT_TERMINAL_PROMPT": "0",
        "LC_ALL": "C",
        "TZ": "UTC",
    }
    for at, (key, value) in enumerate(access.configuration):
        fixed |= {f"GIT_CONFIG_KEY_{at}": key, f"GIT_CONFIG_VALUE_{at}": value}
    return kept | fixed


def _widen(pipe: int) -> None:
    """Let git write on while we think: Linux can make a pipe larger than 64 KiB, others keep theirs."""
    if (resize := getattr(fcntl, "F_SETPIPE_SZ", None)) is not None:
        with contextlib.suppress(OSError):
            fcntl.fcntl(pipe, resize, _PIPE)


def _limit_memory(process: int, size: int) -> None:
    """A tree that names itself again and again would take all there is. Linux only: others cannot say it."""
    if (limit := getattr(resource, "prlimit", None)) is not None:
        with contextlib.suppress(OSError, ValueError):  # it has ended, or a lower limit is set
            limit(process, resource.RLIMIT_AS, (size, size))


class Process:
    """A running git: a context manager that never leaves a process behind.

    Seconds count only while we wait for git, not while our caller takes its time.
    """

    def __init__(self, command: list[str], *, access: Access, caps: Caps, stdin: IO[bytes] | int) -> None:
        self._access = access
        self._caps = caps
        self._waited = 0.0
        self._received = 0
        self._errors = b""
        try:
            self._process = subprocess.Popen(  # the fixed command line below
                command,
                stdin=stdin,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=_environment(access),
                start_new_session=True,
                cwd="/",
            )
        except OSError as error:
            raise GitFailed("git_missing", f"git could not be started: {error.strerror}.") from error
        _limit_memory(self._process.pid, caps.memory_bytes)
        self._selector = selectors.DefaultSelector()
        for stream in (self._process.stdout, self._process.stderr):
            assert stream is not None  # both are pipes
            os.set_blocking(stream.fileno(), False)
            _widen(stream.fileno())
            self._selector.register(stream, selectors.EVENT_READ)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.kill()

    def write(self, data: bytes) -> None:
        """Send to git's input; the caller keeps what is unanswered smaller than a pipe holds (4 KiB)."""
        assert self._process.stdin is not None  # only called where stdin is a pipe
        try:
            self._process.stdin.write(data)
            self._process.stdin.flush()
        except OSError as error:
            raise self._failure("git_failed", "git ended before it had read its input") from error

    def read(self) -> bytes:
        """The next bytes of output, empty at its end. Raises GitFailed when a cap is hit."""
        while True:
            stdout = self._process.stdout
            assert stdout is not None  # a pipe
            began = time.monotonic()
            ready = self._selector.select(
                min(self._caps.idle_seconds, self._caps.total_seconds - self._waited)
            )
            self._waited += time.monotonic() - began
            if not ready or self._waited > self._caps.total_seconds:
                raise self._failure("git_timeout", "git took too long and was stopped")
            streams = [key.fileobj for key, _ in ready]
            if self._process.stderr in streams:
                self._drain_errors()
            if stdout not in streams:
                continue
            chunk = stdout.read1(_CHUNK) if hasattr(stdout, "read1") else stdout.read(_CHUNK)
            self._received += len(chunk or b"")
            if self._received > self._caps.output_bytes:
                raise self._failure(
                    "git_output_too_large",
                    "git wrote more than the limit and was stopped",
                )
            return chunk or b""

    def finish(self) -> None:
        """Wait for the end. Raises GitFailed when git reports an error."""
        if self._process.stdin is not None:
            with contextlib.suppress(OSError):
                self._process.stdin.close()
        try:
            status = self._process.wait(self._caps.idle_seconds)
        except subprocess.TimeoutExpired as error:
            raise self._failure("git_timeout", "git took too long and was stopped") from error
        self._drain_errors()
        if status != 0:
            raise self._failure("git_failed", f"git ended with status {status}")

    def kill(self) -> None:
        """End git and all it started; harmless when it has ended."""
        if self._process.poll() is None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        self._selector.close()
        for stream in (self._process.stdin, self._process.stdout, self._process.stderr):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()

    def _drain_errors(self) -> None:
        stream = self._process.stderr
        assert stream is not None  # a pipe
        if stream.closed:
            return
        chunk = stream.read(_CHUNK)
        if chunk:
            self._errors = (self._errors + chunk)[-_STDERR_KEPT:]
        elif chunk == b"":
            with contextlib.suppress(KeyError):
                self._selector.unregister(stream)

    def _failure(self, code: str, what: str) -> GitFailed:
        self.kill_quietly()
        said = self._errors.decode("utf-8", "replace")
        for secret in self._access.secrets:
            said = said.replace(secret, "***")
        lines = [line.strip() for line in said.replace("\r", "\n").splitlines()]
        lines = [line for line in lines if line and not _PROGRESS.match(line)]
        return GitFailed(code, f"{what}: {' '.join(lines[-3:])}"[:600] if lines else f"{what}.")

    def kill_quietly(self) -> None:
        """As `kill`, keeping what git said last for the message."""
        with contextlib.suppress(OSError, ValueError):
            self._drain_errors()
        self.kill()


@dataclass(frozen=True, slots=True, kw_only=True)
class Git:
    """Git on a directory of ours. So are the arguments: names from outside follow `--end-of-options`."""

    directory: Path
    caps: Caps = Caps()  # frozen
    access: Access = Access()  # frozen

    def start(self, *arguments: str, stdin: IO[bytes] | int = subprocess.DEVNULL) -> Process:
        """Run a command, output streamed. Raises GitFailed (`git_missing`)."""
        program = shutil.which("git")
        if program is None:
            raise GitFailed("git_missing", "git is not installed: install it and crawl again.")
        command = [program, "--no-pager", f"--git-dir={self.directory}"]
        for setting in _CONFIGURATION:
            command += ["-c", setting]
        return Process([*command, *arguments], access=self.access, caps=self.caps, stdin=stdin)

    def stream(self, *arguments: str) -> Iterator[bytes]:
        """Chunks of output. Raises GitFailed, also at the end when git reports an error."""
        with self.start(*arguments) as process:
            while chunk := process.read():
                yield chunk
            process.finish()

    def run(self, *arguments: str, stdin: IO[bytes] | int = subprocess.DEVNULL) -> bytes:
        """All output at once, up to the cap. Raises GitFailed."""
        with self.start(*arguments, stdin=stdin) as process:
            chunks = []
            while chunk := process.read():
                chunks.append(chunk)
            process.finish()
            return b"".join(chunks)

    def line(self, *arguments: str) -> str:
        """The one line a command prints, empty when it fails."""
        try:
            return self.run(*arguments).decode("utf-8", "surrogateescape").strip()
        except GitFailed:
            return ""


def split_records(chunks: Iterator[bytes], separator: bytes = b"\0") -> Iterator[bytes]:
    """The records of a stream with a separator after each (or between them), memory bounded by one record."""
    rest = b""
    for chunk in chunks:
        *records, rest = (rest + chunk).split(separator)
        yield from records
    if rest:
        yield rest
