"""A private PostgreSQL server for tests: its own folder, its own port, stopped afterwards."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.requirements import require


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A database on a server of this session's own; tests empty it before they use it."""
    with postgres_server() as url:
        yield url


@contextmanager
def postgres_server() -> Iterator[str]:
    """Yield the URL of an empty database on a server of its own."""
    binaries = _binaries()
    require(binaries is not None, "PostgreSQL's initdb and pg_ctl are not installed")
    assert binaries is not None
    as_user = _as_user()
    folder = Path(tempfile.mkdtemp(prefix="groundswell-postgres-"))
    try:
        if as_user:
            shutil.chown(folder, "postgres", "postgres")
        data, port = folder / "data", _free_port()
        _run(
            [*as_user, f"{binaries}/initdb", "-D", data, "-U", "groundswell", "-A", "trust", "-E", "UTF8", "--no-sync"]
        )
        options = f"-c listen_addresses=127.0.0.1 -p {port} -c unix_socket_directories={folder} -c fsync=off"
        control = [*as_user, f"{binaries}/pg_ctl", "-D", data, "-w"]
        _run([*control, "-o", options, "-l", folder / "log", "start"])
        try:
            yield f"postgresql://groundswell@127.0.0.1:{port}/postgres"
        finally:
            _run([*control, "-m", "immediate", "stop"])
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _binaries() -> str | None:
    candidates = [*sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)]
    if shutil.which("pg_config"):
        candidates.append(Path(_run(["pg_config", "--bindir"]).strip()))
    if shutil.which("initdb"):
        candidates.append(Path(str(shutil.which("initdb"))).parent)
    return next((str(path) for path in candidates if (path / "initdb").exists() and (path / "pg_ctl").exists()), None)


def _as_user() -> list[str]:
    """PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return []
    require(shutil.which("runuser"), "root needs runuser to start PostgreSQL as another user")
    return ["runuser", "-u", "postgres", "--"]


def _run(command: list[object]) -> str:
    with tempfile.TemporaryFile() as output:
        done = subprocess.run([str(part) for part in command], stdout=output, stderr=output, cwd="/", timeout=60)
        output.seek(0)
        text = output.read().decode(errors="replace")
    assert done.returncode == 0, f"{command[0]}: {text}"
    return text


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
