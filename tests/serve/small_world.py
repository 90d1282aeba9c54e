"""Two weeks of made-up hashtags, written through the real interfaces, for tests of the pages and their answers."""

from dataclasses import dataclass
from datetime import datetime

from storage.lake.interface import Lake
from storage.records.interface import Records
from tests.serve.small_lake import NOW, fill_lake
from tests.serve.small_records import JOBS, fill_records


@dataclass(frozen=True)
class SmallWorld:
    """What was written: the jobs of the agents, and the hashtag that leads now."""

    job_agents: dict[str, str]
    leader: str


def fill(lake: Lake, records: Records, *, tags: int = 48, seed: int = 3, until: datetime = NOW) -> SmallWorld:
    """Write the world as it stood at `until`."""
    newest = fill_lake(lake, tags, seed, until)
    fill_records(records, newest, until)
    return SmallWorld(JOBS, newest["hashtag"][0] if newest.height else "")
