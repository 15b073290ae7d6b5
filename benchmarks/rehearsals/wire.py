"""One kept-alive HTTP connection on an event loop: as little work a request as the rehearsal can do with."""

import asyncio
from dataclasses import dataclass
from urllib.parse import urlencode

from benchmarks.settings import HOST

#: What a browser would report as a failed connection.
CUT = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """``status`` is ``CUT`` where the connection broke or nothing came in time."""

    status: int
    head: bytes = b""
    body: bytes = b""

    def header(self, name: bytes) -> str:
        """The first value of a header (``name`` in lower case), or nothing."""
        for line in self.head.split(b"\r\n")[1:]:
            key, _, value = line.partition(b":")
            if key.lower() == name:
                return value.strip().decode()
        return ""

    def cookie(self, name: str) -> str:
        """``name=value`` of a cookie that the answer sets, or nothing."""
        at = self.head.find(f" {name}=".encode())
        return self.head[at + 1 :].split(b";", 1)[0].split(b"\r\n", 1)[0].decode() if at >= 0 else ""


class Wire:
    """Connects when there is something to send, and again after the connection broke."""

    def __init__(self, port: int, patience: float) -> None:
        self._port, self._patience = port, patience
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, request: bytes, patience: float | None = None) -> Answer:
        """Send a whole request and wait for the whole answer, at most ``patience`` seconds."""
        try:
            async with asyncio.timeout(patience or self._patience):
                answer, stays = await self._exchange(request)
        except (OSError, EOFError, TimeoutError, asyncio.LimitOverrunError):
            self.close()
            return Answer(CUT)
        if not stays:
            self.close()
        return answer

    async def _exchange(self, request: bytes) -> tuple[Answer, bool]:
        if self._streams is not None and self._streams[0].at_eof():
            self.close()  # the server ended it while nobody spoke, as it does after half a minute
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self._port)
        reader, writer = self._streams
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        lowered = head.lower()
        at = lowered.find(b"\r\ncontent-length:")
        length = int(lowered[at + 17 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
        body = await reader.readexactly(length) if length else b""
        return Answer(int(head[9:12]), head, body), b"\r\nconnection: close" not in lowered

    def close(self) -> None:
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None


def get(path: str, cookie: str = "") -> bytes:
    return _request("GET", path, cookie, "")


def post(path: str, cookie: str, values: dict[str, str | list[str]]) -> bytes:
    return _request("POST", path, cookie, urlencode(values, doseq=True))


def _request(method: str, path: str, cookie: str, body: str) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", f"Host: {HOST}"]
    if cookie:
        lines.append(f"Cookie: {cookie}")
    if method == "POST":
        lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", body]).encode()
