"""The dashboard and the HTTP interface as a Ray Serve application: the one file here that knows Ray."""

from datetime import UTC, datetime

from fastapi import FastAPI
from pydantic import BaseModel, ConfigDict, Field, SecretStr
from ray import serve
from ray.serve import Application

from core.tables import HASHTAG_METRICS, OUTCOMES, PREDICTIONS, QUALITY
from serve.app import build_api
from serve.reader import Reader
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
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    lake_root: str
    records_url: str
    buckets: int = Field(4, gt=0)
    units_cap: int | None = None
    job_agents: dict[str, str] = Field(default_factory=dict)
    token: SecretStr | None = None
    replicas: int = Field(1, gt=0)


class Dashboard:
    """One replica: opens the stores in its own process and answers from them."""

    def __init__(self, args: ServeArgs) -> None:
        self._args = args

    def __serve_build_asgi_app__(self) -> FastAPI:
        """The application, built where it runs."""
        args = self._args
        tables = {table.name: table for table in (HASHTAG_METRICS, PREDICTIONS, OUTCOMES, QUALITY)}
        reader = Reader(
            DeltaLake(args.lake_root, tables, buckets=args.buckets),
            SqlRecords(args.records_url),
            wall=lambda: datetime.now(UTC),
            units_cap=args.units_cap,
            job_agents=args.job_agents,
        )
        return build_api(reader, token=args.token.get_secret_value() if args.token else None)


def build(args: ServeArgs) -> Application:
    """The application, to be given to `serve.run` or named in a Serve configuration."""
    deployment = serve.deployment(serve.ingress()(Dashboard)).options(
        name="dashboard",
        logging_config={"enable_access_log": False},
        num_replicas=args.replicas,
        max_ongoing_requests=64,
        ray_actor_options={"num_cpus": 0},
    )
    return deployment.bind(args)
