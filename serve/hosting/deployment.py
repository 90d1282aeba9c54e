"""The dashboard, the HTTP interface and the predictor as Ray Serve applications."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from pydantic import BaseModel, ConfigDict, Field, SecretStr
from ray import serve
from ray.serve import Application
from starlette.types import ASGIApp

from core.features import FEATURE_SET
from core.features.sets import features_table
from core.tables import HASHTAG_METRICS, OUTCOMES, PREDICTIONS, QUALITY, THEMES
from serve.api.predict_route import build_predict_api
from serve.hosting.app import build_api
from serve.reading.reader import Reader
from storage.lake.delta import DeltaLake
from storage.records.sql.records import SqlRecords


class ServeArgs(BaseModel):
    """Arguments of the applications.

    Parameters
    ----------
    lake_root, records_url: addresses of the two stores
    buckets: number of buckets of the lake
    units_cap: EnsembleData units a day, to show beside those used
    job_agents: job -> the agent that does it, to show an agent's last job
    token: when given, every request but /healthz must carry it; needed on any address but loopback
    replicas: processes that answer
    models_root: folder of the model registry
    predictors: processes that answer POST /v1/predict
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    lake_root: str
    records_url: str
    buckets: int = Field(4, gt=0)
    units_cap: int | None = None
    job_agents: dict[str, str] = Field(default_factory=dict)
    token: SecretStr | None = None
    replicas: int = Field(1, gt=0)
    models_root: str = ""
    predictors: int = Field(1, gt=0)

    @property
    def secret(self) -> str | None:
        """The token in plain text."""
        return self.token.get_secret_value() if self.token else None


class Dashboard:
    """One replica: opens the stores in its own process and answers from them."""

    def __init__(self, args: ServeArgs) -> None:
        self._args = args

    def __serve_build_asgi_app__(self) -> FastAPI:
        """The application, built where it runs."""
        args = self._args
        tables = {table.name: table for table in (HASHTAG_METRICS, PREDICTIONS, OUTCOMES, QUALITY, THEMES)}
        reader = Reader(
            DeltaLake(args.lake_root, tables, buckets=args.buckets),
            SqlRecords(args.records_url),
            wall=lambda: datetime.now(UTC),
            units_cap=args.units_cap,
            job_agents=args.job_agents,
        )
        return build_api(reader, token=args.secret)


class Predictions:
    """One replica of what answers POST /v1/predict: it follows the champion by itself."""

    def __init__(self, args: ServeArgs) -> None:
        self._args = args

    def __serve_build_asgi_app__(self) -> ASGIApp:
        """The application, built where it runs."""
        from serve.hosting.predictor import Predictor  # what hosts the dashboard loads no model

        args, table = self._args, features_table(FEATURE_SET)
        predictor = Predictor(
            DeltaLake(args.lake_root, {table.name: table}, buckets=args.buckets),
            SqlRecords(args.records_url),
            Path(args.models_root),
            ["hashtag", "at", *FEATURE_SET.inputs, "window"],
            wall=lambda: datetime.now(UTC),
        )
        predictor.watch()
        return build_predict_api(predictor.score, token=args.secret)


def build(args: ServeArgs) -> Application:
    """The pages and lists, to be given to `serve.run` or named in a Serve configuration."""
    return _application(Dashboard, "dashboard", args, args.replicas)


def build_predictions(args: ServeArgs) -> Application:
    """What answers POST /v1/predict, to be run under the route prefix `serve.api.predict_route.PREFIX`."""
    return _application(Predictions, "predictions", args, args.predictors)


def _application(kind: type[Any], name: str, args: ServeArgs, replicas: int) -> Application:
    deployment = serve.deployment(serve.ingress()(kind)).options(
        name=name,
        logging_config={"enable_access_log": False},
        num_replicas=replicas,
        max_ongoing_requests=64,
        ray_actor_options={"num_cpus": 0},
    )
    return deployment.bind(args)
