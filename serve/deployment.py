"""The dashboard and the HTTP interface as a Ray Serve application: the one file here that knows Ray."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from fastapi import FastAPI
from pydantic import BaseModel, ConfigDict, Field, SecretStr
from ray import serve
from ray.serve import Application
from ray.serve.handle import DeploymentHandle

from core.feature_set_v1 import V1
from core.feature_sets import features_table
from core.tables import HASHTAG_METRICS, OUTCOMES, PREDICTIONS
from serve.app import build_api
from serve.predictor import Predictor
from serve.reader import Reader
from serve.schemas import Scored
from storage.delta import DeltaLake
from storage.records.sql import SqlRecords


class ServeArgs(BaseModel):
    """What the application is told.

    Parameters
    ----------
    lake_root, records_url: addresses of the two stores
    buckets: number of buckets of the lake
    units_cap: EnsembleData units a day, to show beside those used
    job_agents: job -> the agent that does it, to show an agent's last job
    token: when given, every request but /healthz must carry it; needed on any address but loopback
    replicas: processes that answer
    models_root: folder of the model registry; without it there is no POST /v1/predict
    predictors: processes that score hashtags for it
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    lake_root: str
    records_url: str
    buckets: int = Field(4, gt=0)
    units_cap: int | None = None
    job_agents: dict[str, str] = Field(default_factory=dict)
    token: SecretStr | None = None
    replicas: int = Field(1, gt=0)
    models_root: str | None = None
    predictors: int = Field(1, gt=0)


class PredictorReplica:
    """One replica of the predictor: opens the stores in its own process and follows the champion."""

    def __init__(self, args: ServeArgs) -> None:
        table = features_table(V1)
        columns = ["hashtag", "at", *V1.inputs, "window"]
        lake = DeltaLake(args.lake_root, {table.name: table}, buckets=args.buckets)
        root = Path(args.models_root or "")
        self._predictor = Predictor(lake, SqlRecords(args.records_url), root, columns, lambda: datetime.now(UTC))
        self._predictor.watch()

    def score(self, hashtags: Sequence[str]) -> Scored | None:
        """See `Predictor.score`."""
        return self._predictor.score(hashtags)


class Dashboard:
    """One replica: opens the stores in its own process and answers from them.

    Parameters
    ----------
    predictor: handle to the replicas that score hashtags
    """

    def __init__(self, args: ServeArgs, predictor: DeploymentHandle | None = None) -> None:
        self._args = args
        self._predictor = predictor

    def __serve_build_asgi_app__(self) -> FastAPI:
        """The application, built where it runs."""
        args = self._args
        tables = {table.name: table for table in (HASHTAG_METRICS, PREDICTIONS, OUTCOMES)}
        reader = Reader(
            DeltaLake(args.lake_root, tables, buckets=args.buckets),
            SqlRecords(args.records_url),
            wall=lambda: datetime.now(UTC),
            units_cap=args.units_cap,
            job_agents=args.job_agents,
        )
        score = None if self._predictor is None else self._predictor.score.remote
        return build_api(reader, token=args.token.get_secret_value() if args.token else None, score=score)


def build(args: ServeArgs) -> Application:
    """The application, to be given to `serve.run` or named in a Serve configuration."""
    common = {"logging_config": {"enable_access_log": False}, "ray_actor_options": {"num_cpus": 0}}
    page = serve.deployment(serve.ingress()(Dashboard)).options(
        name="dashboard", num_replicas=args.replicas, max_ongoing_requests=64, **common
    )
    if args.models_root is None:
        return page.bind(args)
    predictor = serve.deployment(PredictorReplica).options(
        name="predictor", num_replicas=args.predictors, max_ongoing_requests=8, **common
    )
    return page.bind(args, predictor.bind(args))
