"""`groundswell bench`: what is fast, measured here; one command a benchmark."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from cli.options import AsJson, SettingsFile, moment, numbers, out, settings_with

app = typer.Typer(no_args_is_help=True, help=__doc__)


@app.command()
def world() -> None:
    """The simulated world and its stand-in server at the default size."""
    from benchmarks.world.speed import main

    main()


@app.command()
def cycle(
    days: Annotated[int, typer.Option(help="Age to which the smaller installation is played; 0 leaves it out")] = 300,
) -> None:
    """The hourly cycle with its commits: large and young, then smaller and older every day."""
    from benchmarks.cycle import run

    run(days, out.print)


@app.command()
def metrics(
    rows: Annotated[list[int] | None, typer.Option(help="Snapshot rows of the tables [default: 1M and 10M]")] = None,
    rounds: Annotated[int, typer.Option(help="Timed runs of each, warm; the best counts")] = 3,
    write: Annotated[bool, typer.Option(help="Write the figures and the picture into docs/measurements/")] = False,
) -> None:
    """Ours on Ray Data beside Polars, DuckDB, pandas and Ray's groupby: the same table, the same outputs."""
    from benchmarks.metrics.compare import run

    run(rows or [1_000_000, 10_000_000], rounds, write, out.print)


@app.command()
def ingest(
    payload: Annotated[Path, typer.Option(help="Raw posts, one JSON a line, gzip")] = Path(
        "../shared/data/payloads/aweme.jsonl.gz"
    ),
    posts: Annotated[int, typer.Option(help="Posts to repeat the file to", min=1)] = 20_000,
    as_json: AsJson = False,
) -> None:
    """From raw posts to tables: parse, validate, normalise, dedupe and commit, beside orjson.loads alone."""
    from benchmarks.ingest.speed import measure, table

    found = measure(payload, posts)
    typer.echo(json.dumps(found) if as_json else table(found))


@app.command()
def polling(
    seeds: Annotated[str, typer.Option(help="Worlds to play in: 1-10 or 1,2,5")] = "1-10",
    budgets: Annotated[str, typer.Option(help="Units a day")] = "1500",
    picture: Annotated[Path | None, typer.Option(help="Draw both planners over the budgets into this SVG")] = None,
    as_json: AsJson = False,
) -> None:
    """The polling planner against round-robin over the same candidates, 14 days in simulated worlds."""
    from benchmarks.polling.compare import compare, draw, summary, table

    progress = typer.get_text_stream("stderr")
    asked = numbers(budgets)
    done = [one for seed in numbers(seeds) for one in compare(seed, asked, lambda line: print(line, file=progress))]
    means = summary(done)
    if picture is not None:
        draw(means, picture)
    if as_json:
        out.print_json(
            json.dumps({budget: {name: one._asdict() for name, one in of.items()} for budget, of in means.items()})
        )
    else:
        out.print(table(means), markup=False)


@app.command()
def surges(
    seeds: Annotated[str, typer.Option(help="Worlds to play in: 301-310 or 1,2,5")] = "301-310",
    days: Annotated[int, typer.Option(min=8, help="Days played; the first week has no trained model yet")] = 14,
    units: Annotated[int, typer.Option(min=1, help="Units a day")] = 1500,
    to: Annotated[
        Path, typer.Option("--out", help="Folder with a file a world; worlds that have theirs are not played")
    ] = Path("surges"),
    keep: Annotated[bool, typer.Option(help="Keep the installations, to look into them")] = False,
    settings: SettingsFile = None,
    as_json: AsJson = False,
) -> None:
    """How well true surges of simulated worlds are foretold, beside the baselines."""
    from cli.benchmarking.bench_surges import SurgesPlan, measure_surges

    chosen = settings_with(settings, None)
    source = chosen.source.model_copy(update={"kind": "standin", "units_per_day": units})
    done = measure_surges(chosen.model_copy(update={"source": source}), SurgesPlan(numbers(seeds), days, to, keep))
    if as_json:
        out.print_json(json.dumps(done))
    else:
        from benchmarks.surges.run import table

        out.print(table(done), markup=False)


@app.command()
def predict(
    hashtags: Annotated[int, typer.Option(help="Hashtags scored at once", min=1)] = 10_000,
    requests: Annotated[int, typer.Option(help="Single hashtags asked for through Serve", min=2)] = 500,
    home: Annotated[Path | None, typer.Option(help="Use the champion of this installation")] = None,
    as_json: AsJson = False,
) -> None:
    """Scoring with the champion, intervals and explanations included, and one hashtag through Serve."""
    from benchmarks.predict import measure, report

    measured = measure(hashtags, requests, home)
    if as_json:
        out.print_json(json.dumps(measured))
    else:
        report(measured)


@app.command()
def llm(
    settings: SettingsFile = None,
    rounds: Annotated[int, typer.Option(help="Cycles of each way, in turns", min=1)] = 3,
    write: Annotated[bool, typer.Option(help="Write the figures into docs/measurements/")] = False,
    as_json: AsJson = False,
) -> None:
    """Narratives of a cycle in one batch against one after another, start-up, memory and prefix cache of the model."""
    from benchmarks.llm.speed import measure, measure_hosted, table
    from benchmarks.llm.speed import write as write_figures
    from cli.running.language_model import arguments, hosted_python, model_of

    chosen = settings_with(settings, None)
    progress = typer.get_text_stream("stderr")

    def tell(line: str) -> None:
        print(line, file=progress)

    model = model_of(chosen)
    if chosen.language_model.address and model is not None:
        measured = measure(replace(model, timeout_s=1800), rounds, tell)
    else:
        measured = measure_hosted(arguments(chosen.language_model), hosted_python(chosen), rounds, tell)
    if write:
        write_figures(measured)
    typer.echo(json.dumps(measured) if as_json else table(measured))


@app.command()
def ground(
    texts: Annotated[int, typer.Option(help="True narratives of each corpus, each with its mutants", min=5)] = 2_000,
    seed: Annotated[list[int] | None, typer.Option(help="Seed of a corpus [default: 7 and a fresh one]")] = None,
    as_json: AsJson = False,
) -> None:
    """The grounding rules: true narratives in five styles and mutants of them, labelled outputs of a model, speed."""
    from benchmarks.grounding.scores import lines, score

    found = score(seed, texts)
    if as_json:
        out.print_json(json.dumps(found))
    else:
        for line in lines(found):
            out.print(line, markup=False)


@app.command()
def models(
    recording: Annotated[Path, typer.Option(help="Folder of a recording")],
    until: Annotated[str, typer.Option(help="Nothing read from then on is looked at, e.g. 2025-03-01")],
    folds: Annotated[int, typer.Option(min=1, help="Periods, one after the other")] = 5,
    days: Annotated[int, typer.Option(min=1, help="Days of a period")] = 60,
    kind: Annotated[list[str] | None, typer.Option(help="Kind of model; several are compared")] = None,
    rows: Annotated[int, typer.Option(min=1000, help="About so many rows are learnt from")] = 120_000,
) -> None:
    """Kinds of models on time-ordered folds that end before a moment."""
    from benchmarks.model_folds import compare

    compare(recording, moment(until), folds, days, tuple(kind or ("xgboost", "logistic")), rows, out)


@app.command()
def risk(
    seeds: Annotated[str, typer.Option(help="Worlds to play in: 211-220 or 211,212")] = "211-220",
    units: Annotated[int, typer.Option(help="EnsembleData units a day", min=24)] = 1_500,
    as_json: AsJson = False,
) -> None:
    """The rule for artificial boosting: precision and recall against what is boosted in simulated worlds."""
    from benchmarks.risk import compare as benchmark

    progress = typer.get_text_stream("stderr")
    measured = benchmark.measure(numbers(seeds), units, lambda line: print(line, file=progress))
    if as_json:
        out.print_json(json.dumps(benchmark.as_json(measured)))
    else:
        out.print(benchmark.table(measured), markup=False)


@app.command()
def themes(
    recording: Annotated[Path, typer.Option(help="Folder of a recording with videos")],
    embedder: Annotated[
        list[str] | None,
        typer.Option(help="Text model: none, name-ngrams, minilm; several are compared [default: auto]"),
    ] = None,
    labels: Annotated[
        Path | None, typer.Option(help="YAML of labels with lists of hashtags [default: shipped]")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Themes of a recording day after day: stability, purity against labels made by hand, time."""
    from dataclasses import asdict

    from benchmarks.themes.compare import hand_labels, measure, table

    progress = typer.get_text_stream("stderr")
    found = measure(recording, embedder or ["auto"], hand_labels(labels), lambda line: print(line, file=progress))
    if as_json:
        out.print_json(json.dumps({name: asdict(figures) for name, figures in found.items()}))
    else:
        out.print(table(found), markup=False)
