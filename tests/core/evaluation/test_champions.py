from datetime import UTC, datetime, timedelta

import polars as pl

from core.evaluation.champions import ChampionPeriod, by_champion

T0 = datetime(2025, 5, 14, tzinfo=UTC)
PERIODS = [ChampionPeriod(T0 + timedelta(hours=1), "old"), ChampionPeriod(T0 + timedelta(hours=4), "new")]
Row = tuple[int, str, int | None]


def champions(rows: list[Row], periods: list[ChampionPeriod]) -> list[tuple[int, str]]:
    """Hour and model of what is left of (hour, model, rank)."""
    schema = {"at": pl.Datetime("us", "UTC"), "model_id": pl.String, "rank": pl.Int64}
    frame = pl.DataFrame([(T0 + timedelta(hours=hour), *rest) for hour, *rest in rows], schema=schema, orient="row")
    chosen = by_champion(frame, periods)
    assert chosen.schema == frame.schema
    return sorted(((at - T0) // timedelta(hours=1), model) for at, model in chosen.select("at", "model_id").iter_rows())


def unranked(*hours: int, models: tuple[str, ...] = ("a-shadow", "new", "old")) -> list[Row]:
    return [(hour, model, None) for hour in hours for model in models]


def test_a_takeover_counts_from_the_first_prediction_after_it() -> None:
    # A cycle predicts before it promotes: what stands at the very time of a takeover is the old champion's.
    assert champions(unranked(0, 1, 3, 4, 5), PERIODS) == [(0, "old"), (1, "old"), (3, "old"), (4, "old"), (5, "new")]


def test_whoever_ranked_was_champion() -> None:
    late = [(5, "old", 1), (5, "old", None), (5, "new", None)]
    assert champions([*late, *unranked(6)], PERIODS) == [(5, "old"), (5, "old"), (6, "new")]


def test_an_hour_without_ranks_after_a_takeover_is_the_new_champions() -> None:
    ranked_before: list[Row] = [(3, "old", 1), (3, "new", None)]
    assert champions([*ranked_before, *unranked(5)], PERIODS) == [(3, "old"), (5, "new")]


def test_a_champion_without_predictions_leaves_the_hour_to_the_one_before() -> None:
    assert champions(unranked(5, models=("a-shadow", "old")), PERIODS) == [(5, "old")]


def test_without_a_log_the_ranks_around_tell() -> None:
    rows: list[Row] = [*unranked(0), (1, "old", 1), (1, "new", None), *unranked(2), (3, "new", 1), *unranked(4)]
    assert champions(rows, []) == [(0, "old"), (1, "old"), (2, "old"), (3, "new"), (4, "new")]
    assert champions(unranked(0), []) == [(0, "a-shadow")]
    assert champions([], PERIODS) == champions([], []) == []
