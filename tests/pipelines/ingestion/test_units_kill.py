"""Processes that die between a call and its settlement, several at once, never spend more than the cap."""

import subprocess
import sys
from pathlib import Path

from sources.standin.account import DEMO_TOKEN, Account
from sources.standin.app import build_app
from sources.standin.clock import SettableClock
from sources.standin.server import StandinServer
from storage.records.sql.records import SqlRecords
from tests.support.small_worlds import MIDDLE, small_world

CAP = 40
POLLER = """
import os, signal, sys
from datetime import datetime
from core.clock import VirtualClock
from pipelines.ingestion.gate import LedgerGate
from pipelines.ingestion.calls import Caller
from pipelines.polling.plan import PlannedRequest
from sources.ensembledata.client import EnsembleData
from sources.ensembledata.requests import hashtag_posts
from storage.records.sql.records import SqlRecords

url, now, dies_at = sys.argv[1], datetime.fromisoformat(sys.argv[3]), int(sys.argv[4])
records = SqlRecords(sys.argv[2], False)
gate = LedgerGate(records, 40, ["tracking"])
client, calls = EnsembleData(url, "groundswell-demo", VirtualClock(now)), 0

class Dying:
    def call(self, request):
        global calls
        page = client.call(request)
        calls += 1
        if calls == dies_at:
            os.kill(os.getpid(), signal.SIGKILL)
        return page

caller = Caller(Dying(), gate, concurrency=2)
planned = [(str(n), PlannedRequest(hashtag_posts("dance", n), "tracking")) for n in range(60)]
caller.run(planned, now)
"""


def poller(url: str, records: str, dies_at: int) -> list[str]:
    """The command of a process that is killed after so many answers, before it settles the last; 0 = never."""
    return [sys.executable, "-c", POLLER, url, records, MIDDLE.isoformat(), str(dies_at)]


def test_the_cap_holds_through_kills_and_concurrent_processes(tmp_path: Path) -> None:
    records = f"sqlite:///{tmp_path}/records.db"
    ledger = SqlRecords(records, False)
    account, day = Account(10_000), MIDDLE.date()
    with StandinServer(build_app(small_world(), account, SettableClock(MIDDLE))) as server:
        started = [subprocess.Popen(poller(server.url, records, death)) for death in (1, 3, 6)]
        assert [process.wait(60) for process in started] == [-9, -9, -9]
        assert account.used(DEMO_TOKEN, day) <= ledger.used(day) <= CAP
        assert ledger.budget(day)[0].in_doubt >= 3
        assert subprocess.run(poller(server.url, records, 0), timeout=60).returncode == 0
    assert CAP - 6 <= account.used(DEMO_TOKEN, day) <= ledger.used(day) == CAP
