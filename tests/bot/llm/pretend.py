"""A real HTTP server that speaks as an OpenAI-compatible model does, and fails as they do."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Reply = Callable[[str, str], str]  # instructions, text → what the model says


@dataclass
class Model:
    """What the server does next; tests change it while it runs."""

    address: str = ""
    reply: Reply = lambda instructions, text: ""
    wait: float = 0.0  # seconds before the first word
    hangs_after: int | None = None  # pieces after which nothing more comes
    status: int = 200
    cut_after: int | None = None  # pieces after which the connection breaks
    moved_to: str | None = None  # answer with a redirect to there
    asked: list[dict[str, Any]] = field(default_factory=list)  # the bodies that came
    gone: threading.Event = field(default_factory=threading.Event)  # ends every wait


class _Handler(BaseHTTPRequestHandler):
    model: Model
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.model.asked.append(body)
        self.model.gone.wait(self.model.wait)
        self.close_connection = True
        if self.model.moved_to:
            self._end(307, {"location": self.model.moved_to})
        elif self.model.status != 200:
            self._end(self.model.status, {}, b'{"error": {"message": "no", "type": "x", "code": "x"}}')
        else:
            self.send_response(200)
            self.send_header("content-type", "text/event-stream")
            self.send_header("transfer-encoding", "chunked")
            self.end_headers()
            with suppress(OSError):  # nobody listens any more
                self._stream(body)

    def _end(self, status: int, headers: dict[str, str], body: bytes = b"") -> None:
        self.send_response(status)
        for name, value in {**headers, "content-length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def _stream(self, body: dict[str, Any]) -> None:
        instructions, text = (message["content"] for message in body["messages"])
        said = self.model.reply(instructions, text)
        pieces = [said[at : at + 5] for at in range(0, len(said), 5)]
        for number, piece in enumerate(pieces):
            if number == self.model.cut_after:
                self.connection.close()
                return
            if number == self.model.hangs_after:
                self.model.gone.wait()
            self._send({"content": piece})
        self._send({}, "stop")
        self._chunk(b"data: [DONE]\n\n")
        self._chunk(b"")

    def _send(self, delta: dict[str, str], finish: str | None = None) -> None:
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        made = {
            "id": "x",
            "object": "chat.completion.chunk",
            "created": 1,
            "model": "m",
            "choices": [choice],
        }
        self._chunk(f"data: {json.dumps(made)}\n\n".encode())

    def _chunk(self, data: bytes) -> None:
        self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
        self.wfile.flush()


@contextmanager
def pretending() -> Iterator[Model]:
    """Yield a model that is served on a free port."""
    model = Model()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"model": model}))
    server.daemon_threads = True
    model.address = f"http://127.0.0.1:{server.server_address[1]}/v1"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield model
    finally:
        model.gone.set()
        server.shutdown()
        thread.join()
        server.server_close()
