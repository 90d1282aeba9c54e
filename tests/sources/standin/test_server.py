import socket
import threading

import httpx
import pytest

from core.errors import UsageError
from sources.standin.account import Account
from sources.standin.app import build_app
from sources.standin.clock import SettableClock
from sources.standin.server import StandinServer
from tests.support.small_worlds import READ_AT, small_recording


def server(port: int = 0) -> StandinServer:
    return StandinServer(build_app(small_recording(), Account(), SettableClock(READ_AT)), "127.0.0.1", port)


def test_it_answers_between_start_and_stop() -> None:
    standin = server()
    standin.start()
    assert httpx.get(f"{standin.url}/nothing").status_code == 404
    standin.stop()
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{standin.url}/nothing")
    assert "standin" not in {thread.name for thread in threading.enumerate()}


def test_a_taken_port_is_one_clear_line() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(UsageError, match=f"can't listen on 127.0.0.1:{port} .*choose another --port"):
            server(port).start()


def test_stopping_what_never_started_does_nothing() -> None:
    server().stop()
