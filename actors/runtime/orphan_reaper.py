"""A process that outlives a killed house just long enough to clear up after it.

After SIGKILL of the driver, Ray's own agents on the node go on for two minutes.
Run as `python -m actors.runtime.orphan_reaper PID`.
"""

import subprocess
import sys
import time

import psutil

PERIOD_S = 2.0


def start_orphan_reaper(pid: int) -> "subprocess.Popen[bytes]":
    """Start a warden for the process tree of `pid`, in a session of its own so that Ctrl-C passes it by."""
    return subprocess.Popen(
        [sys.executable, "-m", "actors.runtime.orphan_reaper", str(pid)],
        start_new_session=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def watch(pid: int, period_s: float = PERIOD_S) -> int:
    """Wait until `pid` ends, then kill what is left of its children; returns how many were left."""
    own = psutil.Process()
    try:
        ward = psutil.Process(pid)
    except psutil.NoSuchProcess:
        return 0
    known: set[psutil.Process] = set()
    while ward.is_running() and ward.status() != psutil.STATUS_ZOMBIE:
        try:
            known = {one for one in (*known, *ward.children(recursive=True)) if one.is_running()}
        except psutil.NoSuchProcess:
            break
        time.sleep(period_s)
    left = 0
    for one in known - {own}:
        try:
            one.kill()
            left += 1
        except psutil.NoSuchProcess:
            continue
    return left


if __name__ == "__main__":
    watch(int(sys.argv[1]))
