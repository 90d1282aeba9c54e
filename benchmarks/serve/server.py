"""What is measured, each in a process of its own: the application on uvicorn, or the same answers from bare uvicorn.

`python -m benchmarks.serve.server pages HOME PORT` or `... bare FOLDER PORT`.
"""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from benchmarks.serve.made_lake import TABLES
from benchmarks.serve.made_records import JOBS
from serve.hosting.app import build_api
from serve.reading.reader import Reader
from storage.lake.delta import DeltaLake
from storage.records.sql.records import SqlRecords

HOST = "127.0.0.1"


def pages(home: Path) -> ASGIApp:
    """Return the application over the made installation in `home`."""
    lake = DeltaLake(home / "lake", TABLES)
    records = SqlRecords(f"sqlite:///{home / 'records.db'}")
    return build_api(Reader(lake, records, wall=lambda: datetime.now(UTC), units_cap=1_500, job_agents=JOBS))


class BareAnswers:
    """Answers every path with the bytes that the application gave, from memory and with nothing around it."""

    def __init__(self, folder: Path) -> None:
        index = json.loads((folder / "index.json").read_text())
        self._answers = {
            path: ([(key.encode(), value.encode()) for key, value in headers], (folder / name).read_bytes())
            for path, (name, headers) in index.items()
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request; there is nothing to start or to stop."""
        if scope["type"] == "http":
            headers, body = self._answers[scope["path"]]
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            await send({"type": "http.response.body", "body": body})


def main() -> None:
    """Serve until the process is ended."""
    kind, where, port = sys.argv[1:]
    app = pages(Path(where)) if kind == "pages" else BareAnswers(Path(where))
    uvicorn.run(app, host=HOST, port=int(port), access_log=False, log_level="warning", lifespan="off")


if __name__ == "__main__":
    main()
