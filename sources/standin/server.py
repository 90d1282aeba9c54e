"""Runs the stand-in server in a thread, for tests, an actor and the command."""

import socket
import threading
import time

import uvicorn
from starlette.applications import Starlette

from core.errors import UsageError

STARTS_WITHIN_S = 10.0
STOPS_WITHIN_S = 5.0


class StandinServer:
    """Serves an application over HTTP until it is stopped; also a context manager.

    Parameters
    ----------
    app: the application
    host: address to listen on
    port: port to listen on; 0 takes a free one, which the attribute `port` holds after the start
    """

    def __init__(self, app: Starlette, host: str = "127.0.0.1", port: int = 0) -> None:
        self._host, self.port = host, port
        config = uvicorn.Config(
            app, log_level="critical", access_log=False, lifespan="off", timeout_graceful_shutdown=1, ws="none"
        )
        self._server = uvicorn.Server(config)
        self._thread: threading.Thread | None = None
        self._socket: socket.socket | None = None

    @property
    def url(self) -> str:
        """Base address for clients of the interface."""
        return f"http://{self._host}:{self.port}/apis"

    def start(self) -> None:
        """Start listening; returns once requests are answered.

        Raises
        ------
        UsageError: if the port is taken
        """
        self._socket = self._bind()
        self._thread = threading.Thread(target=self._serve, name="standin", daemon=True)
        self._thread.start()
        deadline = time.monotonic() + STARTS_WITHIN_S
        while not self._server.started:
            if not self._thread.is_alive() or time.monotonic() > deadline:
                raise UsageError(f"the stand-in server did not start on {self._host}:{self.port}")
            time.sleep(0.01)

    def stop(self) -> None:
        """Stop listening and wait for the thread to end; has no effect if it wasn't started."""
        self._server.should_exit = True
        if self._thread is not None:
            self._thread.join(STOPS_WITHIN_S)
        if self._socket is not None:
            self._socket.close()

    def __enter__(self) -> "StandinServer":
        self.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.stop()

    def _serve(self) -> None:
        assert self._socket is not None
        self._server.run(sockets=[self._socket])

    def _bind(self) -> socket.socket:
        listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((self._host, self.port))
        except OSError as error:
            listening.close()
            raise UsageError(
                f"the stand-in server can't listen on {self._host}:{self.port} ({error.strerror}): "
                "choose another --port"
            ) from None
        self.port = int(listening.getsockname()[1])
        return listening
