"""Options of the commands that train and score models: train, backtest."""

import json
from pathlib import Path
from typing import Annotated

import typer

from cli.shared.console import console
from cli.shared.options import (
    AsJson,
    Home,
    Recordings,
    SettingsFile,
    duration,
    end_of,
    moment,
    settings_with,
    time_of_day,
)

app = typer.Typer()


@app.command()
def backtest(
    recording: Recordings,
    train_until: Annotated[str, typer.Option(help="Moment up to which the first models learn from outcomes")],
    predict_from: Annotated[str, typer.Option(help="First moment to predict at, e.g. 2025-03-01")],
    to: Annotated[Path, typer.Option("--out", help="Predictions (Parquet); report and models are written beside it")],
    predict_until: Annotated[
        str, typer.Option(help="Last moment to predict at; a date means all of its day [default: the last reading's]")
    ] = "9999-12-30",
    every: Annotated[str, typer.Option(help="Time between predictions")] = "24h",
    at: Annotated[str, typer.Option(help="Time of day (UTC) of a prediction")] = "12:00",
    retrain_every: Annotated[str, typer.Option(help="Time after which models are trained again")] = "30d",
    train_every: Annotated[str, typer.Option(help="Time between the moments to learn from")] = "12h",
    model: Annotated[
        list[str] | None, typer.Option(help="Kind of model; the first is the champion, others are scored beside it")
    ] = None,
    seed: Annotated[int, typer.Option(help="Random seed of the trainings")] = 0,
    threads: Annotated[int, typer.Option(help="Trainings at one time, each on one thread", min=1)] = 2,
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
    result = backtest_recording(tuple(recording), plan, to, console(stderr=as_json))
    if as_json:
        console().print_json(json.dumps(result))


@app.command()
def train(
    home: Home = None,
    settings: SettingsFile = None,
    trials: Annotated[int, typer.Option(help="Recipes to try; 0 trains with those known already", min=0)] = 20,
    folds: Annotated[int, typer.Option(help="Time-ordered folds that a trial is scored on", min=1)] = 3,
    concurrent: Annotated[int, typer.Option(help="Trials at one time", min=1)] = 2,
    kind: Annotated[
        list[str] | None, typer.Option(help="Kind of model to try; several times for several [default: the settings']")
    ] = None,
    at: Annotated[str | None, typer.Option(help="Learn from what was known then [default: the present]")] = None,
    report: Annotated[Path | None, typer.Option(help="Where the HTML report goes")] = None,
    as_json: AsJson = False,
) -> None:
    """Search recipes, train, and let the best model challenge the champion; a killed search goes on."""
    from cli.learning.train import TrainPlan
    from cli.learning.train import train as run_training

    plan = TrainPlan(moment(at) if at else None, trials, folds, concurrent, tuple(kind or ()), report)
    result = run_training(settings_with(settings, home), plan, console(stderr=as_json))
    if as_json:
        console().print_json(json.dumps(result))
        return
    console().print(
        f"{result['status']}: {result['reason']}\nchampion {result['champion']}\nreport   {result['report']}"
    )
