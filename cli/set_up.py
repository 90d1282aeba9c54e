"""Installs a lock into the environment that runs this: `python -m cli.set_up requirements.lock`, called by `make`.

It runs before anything is installed and needs the standard library alone. uv installs where it can be had, since it
takes a tenth of the time; pip does where it cannot. Both check every file against the hashes of the lock.
"""

import ast
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from core.errors import GroundswellError
from serve.hosting import vendor

INSTALLER, NPM = Path("requirements-uv.lock"), Path("requirements-npm.lock")
PIP = (sys.executable, "-m", "pip")
QUIET = ("--quiet", "--disable-pip-version-check")
IMPORTED = {
    "requirements.lock": (
        "cli.running.run", "serve.hosting.predictor", "tuning.search", "alembic.command", "psutil",
        "ray.serve._private.controller", "ray.serve._private.proxy", "ray.dashboard.agent", "ray._private.log_monitor",
        "ray.autoscaler._private.monitor", "ray._private.runtime_env.agent.main", "ray._private.workers.default_worker",
    ),
    "requirements-dev.lock": ("pytest", "xdist.plugin", "pytest_timeout", "hypothesis", "playwright.sync_api"),
}  # fmt: skip
"""What the processes that these packages are for import when they start."""
SETTINGS = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "find-links": "UV_FIND_LINKS",
    "no-index": "UV_NO_INDEX",
    "trusted-host": "UV_INSECURE_HOST",
    "timeout": "UV_HTTP_TIMEOUT",
    "default-timeout": "UV_HTTP_TIMEOUT",
    "cert": "SSL_CERT_FILE",
    "proxy": "ALL_PROXY",
}
"""Which variable of uv has the meaning of which setting of pip."""


def settings_of_pip(listed: str) -> dict[str, str]:
    """Return the settings that hold for an installation by pip, from what `pip config list` prints.

    A variable of the environment comes before the section `install`, and that before the section `global`.
    """
    sections: dict[str, dict[str, str]] = {"global": {}, "install": {}, ":env:": {}}
    for line in listed.splitlines():
        name, _, value = line.partition("=")
        section, _, key = name.partition(".")
        if section in sections and value:
            sections[section][key] = str(ast.literal_eval(value))
    return sections["global"] | sections["install"] | sections[":env:"]


def variables_of_uv(pip: Mapping[str, str], environment: Mapping[str, str]) -> dict[str, str]:
    """Return the environment in which uv looks for packages where pip does; what the environment says of uv stays.

    Like pip, uv takes the best release of all indexes; the hashes decide which file is the right one.
    """
    meant = {variable: " ".join(pip[key].split()) for key, variable in SETTINGS.items() if key in pip}
    if "UV_FIND_LINKS" in meant:
        meant["UV_FIND_LINKS"] = meant["UV_FIND_LINKS"].replace(" ", ",")
    return {"UV_INDEX_STRATEGY": "unsafe-best-match", **meant, **environment}


class Environment:
    """The environment of this interpreter, and what installs into it."""

    def __init__(self) -> None:
        self._uv = Path(sys.executable).with_name("uv")
        self._variables: dict[str, str] = {}

    def bring_uv(self) -> None:
        """Install uv itself, or say in one line why pip does the work."""
        if not self._uv.exists():
            command = [*PIP, "install", *QUIET, "--require-hashes", "-r", str(INSTALLER)]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            if done.returncode != 0:
                tell(f"pip installs, which takes longer: uv cannot be had here ({_reason(done.stderr)})")
                return
        listed = subprocess.run([*PIP, "config", "list"], capture_output=True, text=True, check=True).stdout
        self._variables = variables_of_uv(settings_of_pip(listed), os.environ)

    def install(self, *arguments: str) -> None:
        """Install with uv, or with pip where uv cannot; raises CalledProcessError if neither can."""
        if self._variables:
            command = [str(self._uv), "pip", "install", "--quiet", "--python", sys.executable, *arguments]
            done = subprocess.run(command, env=self._variables, stderr=subprocess.PIPE, text=True, check=False)
            if done.returncode == 0:
                return
            tell(f"pip installs, which takes longer: uv failed ({_reason(done.stderr)})")
            self._variables = {}
        subprocess.run([*PIP, "install", *QUIET, *arguments], check=True)

    @property
    def by_uv(self) -> bool:
        """Whether uv installed everything so far."""
        return bool(self._variables)


def start_compiling(modules: Sequence[str]) -> "subprocess.Popen[bytes]":
    """Import modules in another process, which keeps their bytecode; uv leaves that to the first start."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    code = "import importlib, sys\nfor name in sys.argv[1:]: importlib.import_module(name)"
    return subprocess.Popen([sys.executable, "-c", code, *modules], env=environment)


def fetch_page_files(environment: Environment) -> None:
    """Fetch the scripts that pages load, with the machine's npm or else with one that is dropped afterwards."""
    if vendor.is_current() or vendor.npm_command() is not None:
        vendor.install()
        return
    with tempfile.TemporaryDirectory(prefix="groundswell-node-") as folder:
        environment.install("--require-hashes", "--target", folder, "-r", str(NPM))
        sys.path.insert(0, folder)
        vendor.install()


def main() -> int:
    """Install the lock named on the command line; with the lock of the run also the command and the page's scripts."""
    lock = Path(sys.argv[1])
    environment = Environment()
    environment.bring_uv()
    try:
        environment.install("--require-hashes", "-r", str(lock))
        compiling = start_compiling(IMPORTED.get(lock.name, ())) if environment.by_uv else None
        if lock.name == "requirements.lock":
            environment.install("--no-deps", "--no-build-isolation", "--editable", ".")
            fetch_page_files(environment)
    except subprocess.CalledProcessError:
        return 1
    except GroundswellError as error:
        tell(str(error))
        return error.exit_code
    return compiling.wait() if compiling is not None else 0


def tell(line: str) -> None:
    """Print a line at once."""
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


def _reason(messages: str) -> str:
    lines = [line.strip() for line in messages.splitlines() if line.strip() and not line.startswith("WARNING")]
    return lines[-1] if lines else "no reason given"


if __name__ == "__main__":
    sys.exit(main())
