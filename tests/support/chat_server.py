"""A local server that speaks OpenAI's chat completions over real HTTP, and misbehaves on request."""

import json
import threading
import time
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class ChatServer:
    """Answers every question with its last message; with a `body`, answers that and `status` instead.

    Parameters
    ----------
    seconds: how long an answer takes
    retry_policy: after so many answers it takes questions and says nothing more
    """

    def __init__(
        self, seconds: float = 0.0, body: bytes | None = None, status: int = 200, retry_policy: float = float("inf")
    ) -> None:
        self.requests: list[dict[str, Any]] = []
        self.keys: Counter[str] = Counter()
        self.most_at_once = 0
        self._at_once = 0
        self._lock = threading.Lock()
        self._closed = threading.Event()
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                request = json.loads(self.rfile.read(int(self.headers["content-length"])))
                server._begin(request, self.headers["authorization"])
                if len(server.requests) > retry_policy:
                    server._closed.wait()
                time.sleep(seconds)
                server._end()
                self._send(body if body is not None else _completion(request))

            def do_GET(self) -> None:
                self._send(json.dumps({"object": "list", "data": [{"id": "echo", "object": "model"}]}).encode())

            def _send(self, content: bytes) -> None:
                self.send_response(status)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def handle_one_request(self) -> None:
                try:
                    super().handle_one_request()
                except OSError:  # the client has gone
                    self.close_connection = True

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self._thread.start()
        self.address = f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def __enter__(self) -> "ChatServer":
        return self

    def __exit__(self, *_: object) -> None:
        self._closed.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _begin(self, request: dict[str, Any], key: str) -> None:
        with self._lock:
            self.requests.append(request)
            self.keys[key] += 1
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)

    def _end(self) -> None:
        with self._lock:
            self._at_once -= 1


def _completion(request: dict[str, Any]) -> bytes:
    choice = {"index": 0, "message": {"role": "assistant", "content": request["messages"][-1]["content"]}}
    usage = {"prompt_tokens": 9, "completion_tokens": 4, "prompt_tokens_details": {"cached_tokens": 7}}
    return json.dumps({"choices": [{**choice, "finish_reason": "stop"}], "usage": usage}).encode()
