import subprocess
import sys
import time

import psutil

from actors.runtime.orphan_reaper import start_orphan_reaper

PARENT = """
import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(120)"], start_new_session=True)
print(child.pid, flush=True)
time.sleep(120)
"""


def test_children_of_a_killed_process_are_ended() -> None:
    parent = subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE)
    assert parent.stdout is not None
    orphan = psutil.Process(int(parent.stdout.readline()))
    reaper = start_orphan_reaper(parent.pid)
    time.sleep(3)
    assert orphan.is_running()
    parent.kill()
    parent.wait()
    assert reaper.wait(timeout=10) == 0
    assert not orphan.is_running() or orphan.status() == psutil.STATUS_ZOMBIE
