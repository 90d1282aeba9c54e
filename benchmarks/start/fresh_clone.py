"""A fresh clone of this checkout, set up as a user does: nothing of it was built, fetched or kept before."""

import os
import resource
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from core.errors import GroundswellError

CHECKOUT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class SetUpFigures:
    """Seconds of `make .venv/.ready` with empty caches: by the clock, and of processor time."""

    wall_s: float
    processor_s: float


def clone(folder: Path) -> Path:
    """Clone the commit of this checkout into `folder`; return the clone."""
    target = folder / "groundswell"
    commit = subprocess.run(
        ["git", "-C", str(CHECKOUT), "rev-parse", "HEAD"], capture_output=True, text=True, check=False
    )
    if commit.returncode != 0:
        raise GroundswellError("bench start clones the checkout, and this one is no git repository: use --no-setup")
    subprocess.run(["git", "clone", "--quiet", str(CHECKOUT), str(target)], check=True)
    subprocess.run(["git", "-C", str(target), "checkout", "--quiet", commit.stdout.strip()], check=True)
    return target


def environment() -> dict[str, str]:
    """Return the environment of a user's shell: nothing of this process leads to this checkout or its settings."""
    own = ("PYTHONPATH", "VIRTUAL_ENV", "MAKEFLAGS", "MAKELEVEL", "MFLAGS")
    return {name: value for name, value in os.environ.items() if name not in own and not name.startswith("GROUNDSWELL")}


def set_up(target: Path) -> SetUpFigures:
    """Set the clone up; GroundswellError with what make printed last where that fails."""
    caches = {"UV_CACHE_DIR": "uv", "npm_config_cache": "npm", "PIP_CACHE_DIR": "pip"}
    variables = environment() | {name: str(target / ".cache" / folder) for name, folder in caches.items()}
    began, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        ["make", ".venv/.ready"], cwd=target, env=variables, capture_output=True, text=True, check=False
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode != 0:
        raise GroundswellError(f"make .venv/.ready failed in {target}: {last_line(done.stderr or done.stdout)}")
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return SetUpFigures(time.perf_counter() - began, used)


def last_line(text: str) -> str:
    """Return the last line that says something."""
    return next((line.strip() for line in reversed(text.splitlines()) if line.strip()), "it printed nothing")
