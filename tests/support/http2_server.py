"""A small HTTP/2 server over TLS: enough to see how a client speaks to it."""

import asyncio
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import h2.config
import h2.connection
import h2.events
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


def self_signed(folder: Path) -> Path:
    """Certificate and key for localhost in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    path = folder / "localhost.pem"
    path.write_bytes(
        certificate.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    )
    return path


class _Connection(asyncio.Protocol):
    def __init__(self, answer: Callable[[str], bytes], opened: Callable[[], None]) -> None:
        self._answer, self._opened = answer, opened
        self._h2 = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False))

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._opened()
        self._h2.initiate_connection()
        transport.write(self._h2.data_to_send())

    def data_received(self, data: bytes) -> None:
        for event in self._h2.receive_data(data):
            if isinstance(event, h2.events.RequestReceived):
                path = next(value for name, value in event.headers if name in (b":path", ":path"))
                asyncio.get_running_loop().call_later(0.05, self._send, event.stream_id, path)
        self._transport.write(self._h2.data_to_send())

    def _send(self, stream: int, path: bytes | str) -> None:
        body = self._answer(path.decode() if isinstance(path, bytes) else path)
        self._h2.send_headers(stream, [(":status", "200"), ("units_charged", "1")])
        self._h2.send_data(stream, body, end_stream=True)
        self._transport.write(self._h2.data_to_send())


@contextmanager
def http2_server(folder: Path, answer: Callable[[str], bytes]) -> Iterator[tuple[str, list[int]]]:
    """Serve until the block ends; yields the base address and a list that grows with each connection."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(self_signed(folder))
    context.set_alpn_protocols(["h2"])
    loop = asyncio.new_event_loop()
    connections: list[int] = []
    making = loop.create_server(
        lambda: _Connection(answer, lambda: connections.append(1)), "localhost", 0, ssl=context, family=2
    )
    server = loop.run_until_complete(making)
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield f"https://localhost:{server.sockets[0].getsockname()[1]}/apis", connections
    finally:
        server.close()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
