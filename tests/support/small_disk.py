"""A file system of a few kilobytes or megabytes, to be filled."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.requirements import require


@contextmanager
def mounted(folder: Path, size: str) -> Iterator[Path]:
    """Mount it at `folder`, which is made, with a size as `mount` takes it; skips where that may not be done."""
    require(os.geteuid() == 0, "mounting a small disk needs root")
    folder.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)], capture_output=True)
    require(made.returncode == 0, "a tmpfs can't be mounted here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)
