"""Follows the live stream, reconnects with back-off, and resumes where it was. Standard library only.

python3 stream.py [ws://127.0.0.1:8080/stream] [opportunities,executions] [messages]
The key, where one is needed, is taken from QUADTURBO_API__KEY. Ends after that many messages; without a number it goes on.
"""

import base64
import json
import os
import random
import socket
import struct
import sys
import time
from urllib.parse import urlsplit


class WebSocket:
    """As much of RFC 6455 as a client of this stream needs."""

    def __init__(self, url, patience=45.0):
        where = urlsplit(url)
        self.wire = socket.create_connection((where.hostname, where.port or 80), timeout=patience)
        nonce = base64.b64encode(os.urandom(16)).decode()
        self.wire.sendall(
            f"GET {where.path or '/'} HTTP/1.1\r\nHost: {where.netloc}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {nonce}\r\n\r\n".encode()
        )
        self.read = self.wire.makefile("rb")
        status = self.read.readline().decode().strip()
        while self.read.readline() not in (b"\r\n", b""):
            pass
        if " 101" not in status:
            raise ConnectionError(status or "no answer")

    def send(self, text, opcode=1):
        data = text.encode() if isinstance(text, str) else text
        mask = os.urandom(4)
        length = bytes([0x80 | len(data)]) if len(data) < 126 else b"\xfe" + struct.pack(">H", len(data))
        self.wire.sendall(bytes([0x80 | opcode]) + length + mask + bytes(b ^ mask[i % 4] for i, b in enumerate(data)))

    def receive(self):
        """The next text message; pings are answered meanwhile."""
        while True:
            head = self._exactly(2)
            length = head[1] & 127
            if length == 126:
                (length,) = struct.unpack(">H", self._exactly(2))
            elif length == 127:
                (length,) = struct.unpack(">Q", self._exactly(8))
            data = self._exactly(length)
            opcode = head[0] & 15
            if opcode == 1:
                return data.decode()
            if opcode == 9:
                self.send(data, opcode=10)
            elif opcode == 8:
                code = struct.unpack(">H", data[:2])[0] if len(data) >= 2 else 1005
                self.send(data[:2], opcode=8)
                raise ConnectionError(f"closed ({code} {data[2:].decode(errors='replace')})")

    def close(self):
        self.wire.close()

    def _exactly(self, count):
        data = self.read.read(count)
        if len(data) < count:
            raise ConnectionError("the connection broke")
        return data


class Follower:
    """What has to outlive a connection: the last seq, and the run that it is of."""

    def __init__(self, channels):
        self.channels, self.since, self.session, self.wait = channels, None, None, 0.5

    def follow(self, url):
        """Yields messages until the connection ends."""
        stream = WebSocket(url)
        try:
            while True:
                text = stream.receive()
                message = json.loads(text)
                kind, data, seq = message["type"], message["data"], message["seq"]
                if kind == "connection" and data.get("event") == "hello":
                    self.wait = 0.5
                    stream.wire.settimeout(3 * data["heartbeat_s"])  # heartbeats come while nothing else does
                    if data["authorised"]:
                        self.subscribe(stream)
                    else:
                        stream.send(json.dumps({"command": "auth", "key": os.environ.get("QUADTURBO_API__KEY", "")}))
                    continue
                if kind == "connection":
                    self.told(stream, data)
                if self.since is not None or data.get("command") == "subscribe" and data.get("ok"):
                    self.since = seq  # every message says: up to here you have everything of your channels
                if kind not in ("connection", "heartbeat"):
                    yield text
        finally:
            stream.close()

    def subscribe(self, stream):
        place = {} if self.since is None else {"since": self.since, "session": self.session}
        stream.send(json.dumps({"command": "subscribe", "channels": self.channels, **place}))

    def told(self, stream, data):
        if data.get("ok") is False:
            print(f"refused: {data['error']}", file=sys.stderr)
        elif data.get("command") == "auth":
            self.subscribe(stream)
        elif data.get("command") == "subscribe":
            self.session = data["session"]
            if data.get("resumed") is False:
                gap = data.get("gap")
                print(f"missed seq {gap['from']} to {gap['to']}" if gap else "another run: what lies between is missed", file=sys.stderr)
        elif data.get("event") == "dropped":
            print(f"too slow: missed {data['messages']}, seq {data['from']} to {data['to']}", file=sys.stderr)


def main(url="ws://127.0.0.1:8080/stream", channels="opportunities,executions", most="inf"):
    follower, left = Follower(channels.split(",")), float(most)
    while True:
        try:
            for text in follower.follow(url):
                print(text, flush=True)
                left -= 1
                if left <= 0:
                    return
        except OSError as why:
            pause = follower.wait * random.uniform(0.5, 1)
            print(f"{why}; again in {pause:.1f} s", file=sys.stderr)
            time.sleep(pause)
            follower.wait = min(2 * follower.wait, 30)


if __name__ == "__main__":
    main(*sys.argv[1:])
