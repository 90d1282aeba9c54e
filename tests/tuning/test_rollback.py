from datetime import datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from core.tables import PREDICTIONS
from core.windows import HOUR
from storage.memory.lake import MemoryLake
from storage.memory.records import MemoryRecords
from tests.support.model_lake import empty_lake
from tests.support.model_rows import START
from tuning.promotion import PromotionDecision, apply, ensure_champion, shadow_ids
from tuning.rollback import compared, roll_back

PROMOTED = START + timedelta(days=2)
TAGS = 40


def said(at: datetime, model_id: str, hits: int) -> pl.DataFrame:
    """Twelve of forty hashtags surge; so many of them are among the model's ten most probable."""
    order = [*range(hits), *range(12, 22 - hits), *range(hits, 12), *range(22 - hits, TAGS)]
    probability = [0.0] * TAGS
    for place, tag in enumerate(order):
        probability[tag] = 0.9 - place / 100
    blank = dict.fromkeys(PREDICTIONS.schema)
    rows = [
        blank
        | {"hashtag": f"t{tag:02}", "at": at, "model_id": model_id, "probability": probability[tag], "alerted": False,
           "feature_set": "t1", "window": at}
        for tag in range(TAGS)
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=PREDICTIONS.schema)


def lived(own: int, other: int, hours: int = 24, champion: str = "new-1", previous: str = "old-1") -> MemoryLake:
    """Hours since a promotion, each with `own` hits of the champion and `other` hits of the previous one."""
    lake = empty_lake()
    for hour in range(1, hours + 1):
        at = PROMOTED + hour * HOUR
        both = pl.concat([said(at, champion, own), said(at, previous, other)])
        lake.replace("predictions", both, at - HOUR, at)
        outcomes = pl.DataFrame(
            {"hashtag": [f"t{tag:02}" for tag in range(TAGS)], "viral": [tag < 12 for tag in range(TAGS)]}
        ).with_columns(
            at=pl.lit(at),
            growth_24h=pl.lit(0.1),
            surged_at=pl.lit(at + HOUR),
            v_source=pl.lit("totals"),
            surged_totals_at=None,
            resolved_at=pl.lit(at),
            window=pl.lit(at),
        )
        lake.replace("outcomes", outcomes.select(lake.read("outcomes").columns), at - HOUR, at)
    return lake


def promoted(tmp_path: Path) -> tuple[MemoryRecords, str]:
    records = MemoryRecords()
    first = ensure_champion(records, tmp_path, START)
    apply(PromotionDecision(True, "better", "new-1", first, {}), records, PROMOTED)
    return records, first


NOW = PROMOTED + timedelta(days=2)


@pytest.mark.parametrize(("own", "other", "returns"), [(3, 5, True), (4, 5, False), (7, 5, False), (0, 0, False)])
def test_the_rule_of_twenty_percent(own: int, other: int, returns: bool, tmp_path: Path) -> None:
    records, first = promoted(tmp_path)
    lake = lived(own, other, previous=first)
    change = roll_back(lake, records, NOW)
    assert (change is not None) == returns
    assert records.alias("champion") == (first if returns else "new-1")
    assert records.alias("previous") == ("new-1" if returns else first)
    if change is not None:
        assert change.kind == "rollback"
        assert change.evidence["champion"]["precision_at_10"]["value"] == pytest.approx(own / 10)
        assert change.evidence["previous"]["precision_at_10"]["value"] == pytest.approx(other / 10)
        assert change.evidence["period"]["cycles"] == 24
        assert "precision@10 0.300 against 0.500 over 24 resolved cycles" in change.title
        assert "new-1" in shadow_ids(records, ())


def test_fewer_cycles_than_asked_depose_nobody(tmp_path: Path) -> None:
    records, first = promoted(tmp_path)
    assert roll_back(lived(1, 9, hours=23, previous=first), records, NOW) is None
    assert roll_back(empty_lake(), records, NOW) is None
    alone = MemoryRecords()
    ensure_champion(alone, tmp_path, START)
    assert roll_back(lived(1, 9), alone, NOW) is None


def test_asking_again_returns_the_same_and_the_old_evidence_is_spent(tmp_path: Path) -> None:
    records, first = promoted(tmp_path)
    lake = lived(1, 9, previous=first)
    assert roll_back(lake, records, NOW) == roll_back(lake, records, NOW) == records.changes()[0]
    assert len(records.changes()) == 3
    assert roll_back(lake, records, NOW + timedelta(days=1)) is None
    assert records.alias("champion") == first


def test_a_crash_between_the_log_and_the_names_is_finished_later(tmp_path: Path) -> None:
    class CrashError(Exception):
        pass

    class Torn(MemoryRecords):
        def set_alias(self, name: str, model_id: str, now: datetime) -> None:
            if name == "champion":
                raise CrashError
            super().set_alias(name, model_id, now)

    records, first = promoted(tmp_path)
    lake = lived(1, 9, previous=first)
    records.__class__ = Torn
    with pytest.raises(CrashError):
        roll_back(lake, records, NOW)
    assert records.alias("champion") == "new-1"
    records.__class__ = MemoryRecords
    change = roll_back(lake, records, NOW)
    assert change is not None
    assert (records.alias("champion"), records.alias("previous")) == (first, "new-1")


def test_only_hashtags_and_times_that_both_spoke_of_are_compared() -> None:
    lake = lived(3, 5, hours=30)
    gap = PROMOTED + 30 * HOUR
    lake.replace("predictions", said(gap, "new-1", 3), gap - HOUR, gap)
    rows = compared(lake, "new-1", "old-1", PROMOTED, NOW)
    assert rows["at"].n_unique() == 24
    assert rows["at"].max() == gap - HOUR
    assert rows.height == 24 * TAGS
