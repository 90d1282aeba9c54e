"""The token is in nothing that a run leaves or says, whatever goes wrong on the way."""

import logging
from datetime import timedelta
from pathlib import Path

import pytest

from configs.quality import load_quality
from core.clock import VirtualClock
from core.errors import SourceError
from core.tables import FETCHED, PREDICTIONS
from core.windows import HOUR
from pipelines.ingestion.gate import LedgerGate
from pipelines.ingestion.ingest import Ingest
from pipelines.polling.plan import Planner
from sources.ensembledata.client import EnsembleData, RetryPolicy
from sources.standin.account import Account, TokenState
from sources.standin.app import build_app
from sources.standin.clock import SettableClock
from sources.standin.fault_injector import read_faults
from sources.standin.server import StandinServer
from storage.lake.delta import DeltaLake
from storage.records.sql.records import SqlRecords
from tests.support.small_worlds import MIDDLE, small_world

TOKEN = "hush-hush-hush-1"
FAULTS = ("error_500=0.2", "html_502=0.2", "broken_json=0.2", "no_answer=0.1", "null_data=0.1", "json_list=0.1")
QUICK = RetryPolicy(attempts=2, wait_s=0.001, longest_wait_s=0.001, jitter_s=0.0)


def test_a_run_full_of_faults_tells_the_token_to_nobody(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    account = Account(units_per_day=60, tokens={TOKEN: TokenState.GOOD})
    clock, there = VirtualClock(MIDDLE), SettableClock(MIDDLE)
    lake = DeltaLake(str(tmp_path / "lake"), {table.name: table for table in (*FETCHED, PREDICTIONS)}, buckets=2)
    records = SqlRecords(f"sqlite:///{tmp_path / 'records.db'}")
    gate = LedgerGate(records, 480, ["discovery", "tracking", "sampling", "follow_up"])
    shown = []
    with StandinServer(build_app(small_world(), account, there, read_faults(FAULTS))) as server:
        client = EnsembleData(server.url, TOKEN, clock, retry_policy=QUICK)
        ingest = Ingest(client, lake, records, gate, Planner(["dance"], 480, HOUR), b"k" * 32, limits=load_quality())
        for hour in range(4):
            clock.set(MIDDLE + hour * HOUR)
            there.set(MIDDLE + hour * HOUR)
            shown.append(repr(ingest.run(clock.now(), clock.now())))
        account.tokens = {}
        clock.set(MIDDLE + timedelta(days=1))
        there.set(clock.now())
        with pytest.raises(SourceError) as caught:
            ingest.run(clock.now(), clock.now())
        shown += [repr(client), repr(vars(client)), repr(caught.value), *map(repr, records.events(limit=1000))]
        ingest.close()
        client.close()
    assert lake.read("raw")["error"].drop_nulls().len() > 3
    records.close()
    out = capfd.readouterr()
    shown += [caplog.text, out.out, out.err]
    assert len(caplog.records) > 100
    assert not any(TOKEN in text for text in shown)
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(files) > 20
    assert [path for path in files if TOKEN.encode() in path.read_bytes()] == []
