"""The set-up of an environment, with packages made here and no index."""

import base64
import hashlib
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from cli.set_up import settings_of_pip, variables_of_uv
from tests.support.paths import ROOT
from tests.support.requirements import require

LISTED = """\
:env:.default-timeout='180'
:env:.find-links='/wheels'
global.extra-index-url='http://one.test/simple\\nhttp://two.test/simple'
global.find-links='/others'
global.index-url='http://main.test/simple'
install.index-url='http://inner.test/simple'
list.format='columns'
"""
UV = Path(sys.executable).with_name("uv")


def test_the_nearest_setting_of_pip_holds() -> None:
    pip = settings_of_pip(LISTED)
    assert pip["index-url"] == "http://inner.test/simple"
    assert pip["find-links"] == "/wheels"
    assert "format" not in pip


def test_uv_looks_where_pip_does_unless_it_was_told_itself() -> None:
    pip = settings_of_pip(LISTED) | {"find-links": "/wheels /more"}
    variables = variables_of_uv(pip, {"PATH": "/bin", "UV_HTTP_TIMEOUT": "5"})
    assert variables == {
        "UV_DEFAULT_INDEX": "http://inner.test/simple",
        "UV_INDEX": "http://one.test/simple http://two.test/simple",
        "UV_FIND_LINKS": "/wheels,/more",
        "UV_HTTP_TIMEOUT": "5",
        "UV_INDEX_STRATEGY": "unsafe-best-match",
        "PATH": "/bin",
    }


def made_wheel(folder: Path) -> str:
    """Write the wheel of a package `tiny` into `folder`; return its hash."""
    files = {
        "tiny.py": "size = 3\n",
        "tiny-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: tiny\nVersion: 1.0\n",
        "tiny-1.0.dist-info/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    digests = {
        name: base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).decode().rstrip("=")
        for name, text in files.items()
    }
    record = "".join(f"{name},sha256={digests[name]},{len(text)}\n" for name, text in files.items())
    path = folder / "tiny-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as wheel:
        for name, text in files.items():
            wheel.writestr(name, text)
        wheel.writestr("tiny-1.0.dist-info/RECORD", f"{record}tiny-1.0.dist-info/RECORD,,\n")
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("environment")
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    return folder / "bin" / "python"


def set_up(python: Path, folder: Path, digest: str) -> "subprocess.CompletedProcess[str]":
    lock = folder / "tiny.lock"
    lock.write_text(f"tiny==1.0 --hash=sha256:{digest}\n")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "UV_"))}
    environment |= {"PIP_CONFIG_FILE": os.devnull, "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(folder)}
    command = [str(python), "-m", "cli.set_up", str(lock)]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def remove(python: Path) -> None:
    subprocess.run([str(python), "-m", "pip", "uninstall", "--quiet", "--yes", "tiny"], check=True)


def test_pip_installs_where_uv_cannot_be_had_and_one_line_says_so(python: Path, tmp_path: Path) -> None:
    done = set_up(python, tmp_path, made_wheel(tmp_path))
    assert done.returncode == 0, done.stderr
    assert done.stderr.startswith("pip installs, which takes longer: uv cannot be had here (")
    assert done.stderr.count("\n") == 1
    subprocess.run([str(python), "-c", "import tiny"], check=True)
    remove(python)


def test_a_file_with_another_hash_is_not_installed(python: Path, tmp_path: Path) -> None:
    made_wheel(tmp_path)
    done = set_up(python, tmp_path, "0" * 64)
    assert done.returncode == 1
    assert "HASHES" in done.stderr
    assert "Traceback" not in done.stderr


def test_uv_installs_from_where_pip_is_sent(python: Path, tmp_path: Path) -> None:
    require(UV.exists(), "uv is not in this environment: make .venv/.ready")
    link = python.with_name("uv")
    link.symlink_to(UV)
    try:
        done = set_up(python, tmp_path, made_wheel(tmp_path))
        assert (done.returncode, done.stderr) == (0, "")
        subprocess.run([str(python), "-c", "import tiny"], check=True)
        remove(python)
        refused = set_up(python, tmp_path, "0" * 64)
        assert refused.returncode == 1
        assert "uv failed" in refused.stderr
    finally:
        link.unlink()
