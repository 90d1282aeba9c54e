"""A process that outlives a killed installation just long enough to end what it left behind.

After SIGKILL of the driver, Ray's own processes on the node go on for two minutes.
Run as `python -m actors.runtime.orphan_reaper PID`.
"""

import subprocess
import sys
import time

import psutil

PERIOD_S = 2.0


def start_orphan_reaper(pid: int) -> "subprocess.Popen[bytes]":
    """Start a reaper for the process tree of `pid`, in a session of its own so that Ctrl-C does not reach it."""
    return subprocess.Popen(
        [sys.executable, "-m", "actors.runtime.orphan_reaper", str(pid)],
        start_new_session=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def watch(pid: int, period_s: float = PERIOD_S) -> int:
    """Wait until `pid` ends, then kill its remaining descendants; returns how many there were."""
    own = psutil.Process()
    try:
        parent = psutil.Process(pid)
    except psutil.NoSuchProcess:
        return 0
    descendants: set[psutil.Process] = set()
    while parent.is_running() and parent.status() != psutil.STATUS_ZOMBIE:
        try:
            candidates = (*descendants, *parent.children(recursive=True))
            descendants = {process for process in candidates if process.is_running()}
        except psutil.NoSuchProcess:
            break
        time.sleep(period_s)
    killed = 0
    for process in descendants - {own}:
        try:
            process.kill()
            killed += 1
        except psutil.NoSuchProcess:
            continue
    return killed


if __name__ == "__main__":
    watch(int(sys.argv[1]))
