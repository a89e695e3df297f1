"""A bare mirror of a repository's branches and tags, in the scratch folder of its source."""

import contextlib
import fcntl
import json
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from indexers.facts import Fault
from indexers.registry import Limits, SourceUnreadable
from indexers.sources.git.location import Location, Rules, resolve
from indexers.sources.git.object_files import copy_objects
from indexers.sources.git.refs import Refs
from indexers.sources.git.wrapper import Access, Caps, Git, GitFailed

_REFSPECS: Final = ("+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*")
_MANY_PACKS: Final = 40
_TOLERATED: Final = (
    "badFilemode", "badTimezone", "duplicateEntries", "gitmodulesParse", "gitmodulesUrl", "missingEmail",
    "missingNameBeforeEmail", "missingSpaceBeforeDate", "missingSpaceBeforeEmail", "zeroPaddedDate",
    "zeroPaddedFilemode",
)  # fmt: skip
"""Old tools wrote such objects: large public histories hold them, and nothing here is checked out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mirrored:
    """The mirror as it stands: its refs, and what could not be brought over."""

    refs: Refs
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Mirror:
    """The mirror of `location` in `scratch`; used by one crawl at a time (a lock file sees to it)."""

    location: Location
    scratch: Path
    limits: Limits = field(default_factory=Limits)
    rules: Rules = field(default_factory=Rules)

    @property
    def git(self) -> Git:
        """Git on the mirror, without access to anything else."""
        return Git(directory=self._folder, caps=self._caps)

    def update(self) -> Mirrored:
        """Bring branches and tags up to date; fetches only when the origin's refs moved.

        Raises SourceUnreadable when the origin cannot be read at all.
        """
        self.scratch.mkdir(parents=True, exist_ok=True)
        with self._locked():
            access = self._access()
            listing = self._look(access)
            seen = Refs.of_listing(listing)
            state = self._read_state()
            if state is not None and state[0] == seen.digest:
                return Mirrored(refs=state[1])
            faults = self._bring(access, seen)
            refs = self._own_refs(seen)
            self._write_state(seen, refs)
            return Mirrored(refs=refs, faults=faults)

    @property
    def _folder(self) -> Path:
        return self.scratch / "mirror.git"

    @property
    def _caps(self) -> Caps:
        return Caps(
            output_bytes=2**40,
            idle_seconds=self.limits.idle_seconds,
            total_seconds=6 * 3600.0,
        )

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        with (self.scratch / "mirror.lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                message = "Another crawl is reading this repository: wait for its end and crawl again."
                raise SourceUnreadable("mirror_busy", message) from error
            yield

    def _access(self) -> Access:
        location = self.location
        if not location.is_remote:
            # Git refuses what other users own; the operator named this one, and nothing of it is run.
            own = self.scratch / "read.gitconfig"
            own.write_text("[safe]\n\tdirectory = *\n", encoding="ascii")
            return Access(protocols=("file",), own_config=str(own))
        address = resolve(location, self.rules)
        bracketed = f"[{address}]" if ":" in address else address
        if location.transport == "ssh":
            options = (f"-oHostName={address}", f"-oHostKeyAlias={location.host}")
            return Access(protocols=("ssh",), ssh_options=options)
        configuration = [("http.curloptResolve", f"{location.host}:{location.port}:{bracketed}")]
        if location.authorization:
            header = f"Authorization: {location.authorization}"
            configuration.append((f"http.{location.address}.extraHeader", header))
        secrets = (
            location.authorization,
            location.authorization.removeprefix("Basic "),
        )
        return Access(
            protocols=("https",),
            configuration=tuple(configuration),
            secrets=tuple(secret for secret in secrets if secret),
        )

    def _look(self, access: Access) -> bytes:
        caps = Caps(idle_seconds=self.limits.idle_seconds, total_seconds=600.0)
        git = Git(directory=self.scratch / "none", caps=caps, access=access)
        patterns = ("HEAD", "refs/heads/*", "refs/tags/*")
        try:
            return git.run(
                "ls-remote",
                "--symref",
                "--end-of-options",
                self.location.address,
                *patterns,
            )
        except GitFailed as error:
            raise SourceUnreadable(
                _code_of(error), f"{self.location.shown} cannot be read: {error}"
            ) from error

    def _bring(self, access: Access, seen: Refs) -> tuple[Fault, ...]:
        existed = self._folder.exists()
        self._prepare(seen)
        if not existed and self.location.transport == "path" and self._copied(seen):
            return self._notes()
        try:
            self._fetch(access)
        except GitFailed as error:
            faults = self._salvage(seen, error) if self.location.transport == "path" else None
            if faults is not None and (not existed or self._kinds([seen.head])):
                return faults
            if existed:  # perhaps our copy is what broke
                shutil.rmtree(self._folder)
                return self._bring(access, seen)
            raise SourceUnreadable(
                _code_of(error), f"{self.location.shown} cannot be fetched: {error}"
            ) from error
        return self._notes()

    def _prepare(self, seen: Refs) -> None:
        if not (self._folder / "HEAD").is_file():
            shutil.rmtree(self._folder, ignore_errors=True)
            sample = next((found for _, found in (*seen.branches, *seen.tags)), "")
            hashes = "sha256" if len(sample) == 64 else "sha1"  # hex digits
            try:
                self.git.run("init", "--quiet", "--bare", f"--object-format={hashes}")
            except GitFailed as error:
                raise SourceUnreadable(error.code, f"The mirror cannot be made: {error}") from error
        for lock in self._folder.rglob("*.lock"):  # of a crawl that was killed: we hold the lock now
            lock.unlink(missing_ok=True)

    def _fetch(self, access: Access) -> None:
        git = Git(directory=self._folder, caps=self._caps, access=access)
        checks = []
        if self.location.is_remote:
            checks = ["-c", "transfer.fsckObjects=true"]
            for name in _TOLERATED:
                checks += ["-c", f"fetch.fsck.{name}=ignore"]
        options = (
            "--prune",
            "--no-write-fetch-head",
            "--force",
            "--no-tags",
            "--update-shallow",
            "--progress",
        )
        git.run(
            *checks,
            "fetch",
            *options,
            "--end-of-options",
            self.location.address,
            *_REFSPECS,
        )
        self._tidy()

    def _tidy(self) -> None:
        with contextlib.suppress(GitFailed):
            self.git.run("pack-refs", "--all")
            if len(list((self._folder / "objects" / "pack").glob("*.pack"))) > _MANY_PACKS:
                self.git.run("repack", "-d", "-l", "-q", "--geometric=2")

    def _copied(self, seen: Refs) -> bool:
        """Take over the files of a repository on this disk as they are, for a first look."""
        try:
            copy_objects(Path(self.location.address), self._folder)
            return not self._set_refs(seen)
        except (OSError, GitFailed):
            return False

    def _salvage(self, seen: Refs, why: GitFailed) -> tuple[Fault, ...]:
        place = self.location.shown
        try:
            copy_objects(Path(self.location.address), self._folder)
            broken = self._set_refs(seen)
        except (OSError, GitFailed) as error:
            raise SourceUnreadable("source_unreadable", f"{place} cannot be fetched: {why}") from error
        message = (
            "Some of its objects are missing or damaged; what is there was read. Repair it with `git fsck`."
        )
        faults = [Fault(code="repository_incomplete", place=place, message=message)]
        for name in broken:
            message = "This ref points at nothing that is there, and was left out."
            faults.append(Fault(code="ref_broken", place=f"{place} {name}", message=message))
        return (*faults, *self._notes())

    def _set_refs(self, seen: Refs) -> list[str]:
        wanted = {f"refs/heads/{name}": found for name, found in seen.branches}
        wanted |= {f"refs/tags/{name}": found for name, found in seen.tags}
        kinds = self._kinds(list(wanted.values()))
        there = {name: found for name, found in wanted.items() if found in kinds}
        present = self.git.run("for-each-ref", "--format=%(refname)", "refs/heads", "refs/tags")
        old = present.decode("utf-8", "surrogateescape").split()
        script = [f"delete {name}\0\0" for name in old if name not in there]
        script += [f"update {name}\0{found}\0\0" for name, found in sorted(there.items())]
        with tempfile.TemporaryFile(dir=self.scratch) as commands:
            commands.write("".join(script).encode("utf-8", "surrogateescape"))
            commands.seek(0)
            self.git.run("update-ref", "-z", "--stdin", stdin=commands)
        self._tidy()
        return sorted(wanted.keys() - there.keys())

    def _kinds(self, objects: list[str]) -> dict[str, str]:
        with tempfile.TemporaryFile(dir=self.scratch) as wanted:
            wanted.write("".join(f"{found}\n" for found in objects).encode("ascii"))
            wanted.seek(0)
            answer = self.git.run("cat-file", "--batch-check=%(objectname) %(objecttype)", stdin=wanted)
        lines = [line.split(" ") for line in answer.decode("ascii").splitlines()]
        return {line[0]: line[1] for line in lines if len(line) == 2 and line[1] != "missing"}

    def _notes(self) -> tuple[Fault, ...]:
        if not (self._folder / "shallow").is_file():
            return ()
        message = (
            "This is a shallow clone: its older history is not there. Run `git fetch --unshallow` in it."
        )
        return (Fault(code="shallow_clone", place=self.location.shown, message=message),)

    def _own_refs(self, seen: Refs) -> Refs:
        form = "%(refname)%00%(objectname)%00%(*objectname)"
        try:
            listing = self.git.run("for-each-ref", f"--format={form}", "refs/heads", "refs/tags")
            lines = [
                line.split("\0") for line in listing.decode("utf-8", "surrogateescape").split("\n") if line
            ]
            refs = Refs.of_objects(
                ((name, peeled or found) for name, found, peeled in lines),
                pointed=seen.default,
            )
            if refs.default:  # `.mailmap` is read from the branch that HEAD names
                self.git.run("symbolic-ref", "HEAD", f"refs/heads/{refs.default}")
        except GitFailed as error:
            raise SourceUnreadable(error.code, f"The mirror cannot be read: {error}") from error
        return refs

    @property
    def _state_file(self) -> Path:
        return self.scratch / "refs.json"

    def _read_state(self) -> tuple[str, Refs] | None:
        try:
            kept = json.loads(self._state_file.read_bytes())
            refs = Refs(
                branches=tuple((name, found) for name, found in kept["branches"]),
                tags=tuple((name, found) for name, found in kept["tags"]),
                default=str(kept["default"]),
            )
            seen = str(kept["seen"])
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return (seen, refs) if (self._folder / "HEAD").is_file() else None

    def _write_state(self, seen: Refs, refs: Refs) -> None:
        kept = {
            "seen": seen.digest,
            "branches": refs.branches,
            "tags": refs.tags,
            "default": refs.default,
        }
        partial = self._state_file.with_suffix(".partial")
        partial.write_text(json.dumps(kept), encoding="ascii")
        partial.replace(self._state_file)

    def roots(self, head: str) -> tuple[str, ...]:
        """The root commits of `head`, sorted; remembered, since finding them walks all history."""
        file = self.scratch / "roots.json"
        try:
            kept = json.loads(file.read_bytes())
            if kept["head"] == head:
                return tuple(str(root) for root in kept["roots"])
        except (OSError, ValueError, KeyError, TypeError):
            pass  # not known yet
        roots = sorted(self.git.run("rev-list", "--max-parents=0", head, "--").decode("ascii").split())
        file.write_text(json.dumps({"head": head, "roots": roots}), encoding="ascii")
        return tuple(roots)

    def forget(self) -> None:
        """Make the next `update` fetch everything again: something in the mirror did not hold."""
        self._state_file.unlink(missing_ok=True)
        shutil.rmtree(self._folder, ignore_errors=True)


def _code_of(error: GitFailed) -> str:
    said = str(error).lower()
    if error.code != "git_failed":
        return error.code
    if "authentication failed" in said or "permission denied" in said or "could not read username" in said:
        return "access_denied"
    if "redirect" in said or "returned error: 30" in said:
        return "location_redirects"
    return "source_unreadable"
