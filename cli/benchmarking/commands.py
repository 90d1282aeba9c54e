"""Options of `groundswell bench`; each command imports its benchmark when it runs."""

import json
import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from cli.benchmarking.serve import serve
from cli.benchmarking.start import start
from cli.shared.console import console
from cli.shared.options import AsJson, SettingsFile, moment, numbers, settings_with
from core.errors import GroundswellError

CHECKOUT = Path(__file__).resolve().parents[2]
"""The folder that this package runs from. No package of the environment holds the benchmarks: neither this process nor
those that it starts would find them elsewhere."""

app = typer.Typer(no_args_is_help=True)
app.command()(start)
app.command()(serve)


@app.callback()
def require_checkout() -> None:
    """Benchmarks of this checkout, one command each: speed, accuracy, comparisons."""
    if not (CHECKOUT / "benchmarks" / "__init__.py").is_file():
        raise GroundswellError("the benchmarks are not installed: run `groundswell bench` in a checkout")
    sys.path.insert(0, str(CHECKOUT))
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, (str(CHECKOUT), os.environ.get("PYTHONPATH"))))


@app.command()
def world() -> None:
    """Measure the simulated world and its stand-in server at the default size."""
    from benchmarks.world.speed import main

    main()


@app.command()
def cycle(
    days: Annotated[int, typer.Option(help="Days that the smaller installation is played; 0 leaves it out")] = 300,
) -> None:
    """Measure the hourly cycle with its commits: a large new installation, then a smaller one as it ages."""
    from benchmarks.cycle import run

    run(days, console().print)


@app.command()
def metrics(
    rows: Annotated[list[int] | None, typer.Option(help="Snapshot rows of the tables [default: 1M and 10M]")] = None,
    rounds: Annotated[int, typer.Option(help="Timed warm runs of each; the best one counts")] = 3,
    write: Annotated[bool, typer.Option(help="Write the figures and the picture into docs/measurements/")] = False,
) -> None:
    """Compare the metrics on Ray Data with Polars, DuckDB, pandas and Ray's groupby on the same table."""
    from benchmarks.metrics.compare import run

    run(rows or [1_000_000, 10_000_000], rounds, write, console().print)


@app.command()
def ingest(
    payload: Annotated[Path, typer.Option(help="Raw posts, one JSON object per line, gzip")],
    posts: Annotated[int, typer.Option(help="Number of posts; the file is repeated up to it", min=1)] = 20_000,
    as_json: AsJson = False,
) -> None:
    """Measure ingestion from raw posts to committed tables, beside orjson.loads alone."""
    from benchmarks.ingest.speed import measure, table

    measured = measure(payload, posts)
    typer.echo(json.dumps(measured) if as_json else table(measured))


@app.command()
def polling(
    seeds: Annotated[str, typer.Option(help="Worlds to play in: 1-10 or 1,2,5")] = "1-10",
    budgets: Annotated[str, typer.Option(help="Units a day")] = "1500",
    picture: Annotated[Path | None, typer.Option(help="SVG file to draw both planners into")] = None,
    as_json: AsJson = False,
) -> None:
    """Compare the polling planner with round-robin over the same candidates, 14 days in simulated worlds."""
    from benchmarks.polling.compare import compare, draw, summary, table

    progress = typer.get_text_stream("stderr")
    units = numbers(budgets)
    done = [
        result for seed in numbers(seeds) for result in compare(seed, units, lambda line: print(line, file=progress))
    ]
    means = summary(done)
    if picture is not None:
        draw(means, picture)
    if as_json:
        console().print_json(
            json.dumps(
                {budget: {name: result._asdict() for name, result in of.items()} for budget, of in means.items()}
            )
        )
    else:
        console().print(table(means), markup=False)


@app.command()
def surges(
    seeds: Annotated[str, typer.Option(help="Worlds to play in: 301-310 or 1,2,5")] = "301-310",
    days: Annotated[int, typer.Option(min=8, help="Days played; there is no trained model in the first week")] = 14,
    units: Annotated[int, typer.Option(min=1, help="Units a day")] = 1500,
    to: Annotated[
        Path,
        typer.Option("--out", help="Folder of results, one file per world; worlds that have one are skipped"),
    ] = Path("surges"),
    keep: Annotated[bool, typer.Option(help="Keep the installations for inspection")] = False,
    settings: SettingsFile = None,
    as_json: AsJson = False,
) -> None:
    """Measure how well surges of simulated worlds are predicted, beside the baselines."""
    from cli.benchmarking.surges import SurgesPlan, measure_surges

    chosen = settings_with(settings, None)
    source = chosen.source.model_copy(update={"kind": "standin", "units_per_day": units})
    done = measure_surges(chosen.model_copy(update={"source": source}), SurgesPlan(numbers(seeds), days, to, keep))
    if as_json:
        console().print_json(json.dumps(done))
    else:
        from benchmarks.surges.run import table

        console().print(table(done), markup=False)


@app.command()
def predict(
    hashtags: Annotated[int, typer.Option(help="Hashtags scored in one call", min=1)] = 10_000,
    requests: Annotated[int, typer.Option(help="Requests for single hashtags through Serve", min=2)] = 500,
    home: Annotated[Path | None, typer.Option(help="Installation whose champion is used")] = None,
    as_json: AsJson = False,
) -> None:
    """Measure scoring with the champion, with intervals and explanations, and single hashtags through Serve."""
    from benchmarks.predict import measure, report

    measured = measure(hashtags, requests, home)
    if as_json:
        console().print_json(json.dumps(measured))
    else:
        report(measured)


@app.command()
def llm(
    settings: SettingsFile = None,
    rounds: Annotated[int, typer.Option(help="Cycles of each variant, taken in turns", min=1)] = 3,
    write: Annotated[bool, typer.Option(help="Write the figures into docs/measurements/")] = False,
    as_json: AsJson = False,
) -> None:
    """Measure the language model: narratives in one batch and one by one, start-up, memory, prefix cache."""
    from benchmarks.llm.speed import measure, measure_hosted, table
    from benchmarks.llm.speed import write as write_figures
    from cli.shared.language_model import arguments, hosted_python, model_of

    chosen = settings_with(settings, None)
    progress = typer.get_text_stream("stderr")

    def report_line(line: str) -> None:
        print(line, file=progress)

    model = model_of(chosen)
    if chosen.language_model.address and model is not None:
        measured = measure(replace(model, timeout_s=1800), rounds, report_line)
    else:
        measured = measure_hosted(arguments(chosen.language_model), hosted_python(chosen), rounds, report_line)
    if write:
        write_figures(measured)
    typer.echo(json.dumps(measured) if as_json else table(measured))


@app.command()
def ground(
    texts: Annotated[int, typer.Option(help="True narratives per corpus, each with its mutants", min=5)] = 2_000,
    seed: Annotated[list[int] | None, typer.Option(help="Random seed of a corpus [default: 7 and a fresh one]")] = None,
    as_json: AsJson = False,
) -> None:
    """Score the grounding rules: true narratives and their mutants, labelled model outputs, and speed."""
    from benchmarks.grounding.scores import lines, score

    measured = score(seed, texts)
    if as_json:
        console().print_json(json.dumps(measured))
    else:
        for line in lines(measured):
            console().print(line, markup=False)


@app.command()
def models(
    recording: Annotated[Path, typer.Option(help="Folder of a recording")],
    until: Annotated[str, typer.Option(help="Readings from this moment on are not used, e.g. 2025-03-01")],
    folds: Annotated[int, typer.Option(min=1, help="Number of consecutive test periods")] = 5,
    days: Annotated[int, typer.Option(min=1, help="Length of a period in days")] = 60,
    kind: Annotated[list[str] | None, typer.Option(help="Kind of model; can be repeated to compare several")] = None,
    rows: Annotated[int, typer.Option(min=1000, help="Approximate number of training rows")] = 120_000,
) -> None:
    """Compare kinds of models on time-ordered folds that end before a moment."""
    from benchmarks.model_folds import compare

    compare(recording, moment(until), folds, days, tuple(kind or ("xgboost", "logistic")), rows, console())


@app.command()
def risk(
    seeds: Annotated[str, typer.Option(help="Worlds to play in: 211-220 or 211,212")] = "211-220",
    units: Annotated[int, typer.Option(help="EnsembleData units a day", min=24)] = 1_500,
    as_json: AsJson = False,
) -> None:
    """Score the rule for artificial boosting against the boosted hashtags of simulated worlds."""
    from benchmarks.risk import compare as benchmark

    progress = typer.get_text_stream("stderr")
    measured = benchmark.measure(numbers(seeds), units, lambda line: print(line, file=progress))
    if as_json:
        console().print_json(json.dumps(benchmark.as_json(measured)))
    else:
        console().print(benchmark.table(measured), markup=False)


@app.command()
def themes(
    recording: Annotated[Path, typer.Option(help="Folder of a recording with videos")],
    embedder: Annotated[
        list[str] | None,
        typer.Option(help="Text model: none, name-ngrams or minilm; can be repeated [default: auto]"),
    ] = None,
    labels: Annotated[
        Path | None, typer.Option(help="YAML of labels with lists of hashtags [default: shipped]")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Measure the themes of a recording over its days: stability, purity against hand-made labels, time."""
    from dataclasses import asdict

    from benchmarks.themes.compare import hand_labels, measure, table

    progress = typer.get_text_stream("stderr")
    measured = measure(recording, embedder or ["auto"], hand_labels(labels), lambda line: print(line, file=progress))
    if as_json:
        console().print_json(json.dumps({name: asdict(figures) for name, figures in measured.items()}))
    else:
        console().print(table(measured), markup=False)
