"""The options of `groundswell backtest`."""

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from cli.options import AsJson, Recordings, duration, end_of, moment, out, time_of_day


def backtest(
    recording: Recordings,
    train_until: Annotated[str, typer.Option(help="The first models learn from what was established by then")],
    predict_from: Annotated[str, typer.Option(help="First moment to predict at, e.g. 2025-03-01")],
    to: Annotated[Path, typer.Option("--out", help="Predictions (Parquet); report and models are written beside it")],
    predict_until: Annotated[
        str, typer.Option(help="Last moment to predict at; a date means all of its day [default: the last reading's]")
    ] = "9999-12-30",
    every: Annotated[str, typer.Option(help="Time between predictions")] = "24h",
    at: Annotated[str, typer.Option(help="Time of day (UTC) of a prediction")] = "12:00",
    retrain_every: Annotated[str, typer.Option(help="Models are made anew after so long")] = "30d",
    train_every: Annotated[str, typer.Option(help="Time between the moments that are learnt from")] = "12h",
    model: Annotated[
        list[str] | None, typer.Option(help="Kind of model; the first is the champion, more are scored beside it")
    ] = None,
    seed: Annotated[int, typer.Option(help="Chance of the trainings")] = 0,
    threads: Annotated[int, typer.Option(help="Threads of a training")] = 2,
    as_json: AsJson = False,
) -> None:
    """Learn from the past of a recording, predict what follows, walking forward, and score it."""
    from cli.learning.backtest import backtest_recording, plan_of

    plan = plan_of(
        kinds=model,
        train_until=moment(train_until),
        predict_from=moment(predict_from),
        predict_until=end_of(predict_until),
        every=duration(every),
        offset=time_of_day(at),
        retrain_every=duration(retrain_every),
        train_every=duration(train_every),
        seed=seed,
        threads=threads,
    )
    result = backtest_recording(tuple(recording), plan, to, Console(stderr=True) if as_json else out)
    if as_json:
        out.print_json(json.dumps(result))
