"""A client that does exactly what a scenario says, byte by byte, and remembers it."""
import socket
import ssl
import struct
import threading
import time

from . import netns

_count = threading.Lock(), [0]


def new_id(label):
    """An X-Request-Id nobody else has."""
    with _count[0]:
        _count[1][0] += 1
        return f"{label}-{_count[1][0]:04d}"


def show(address):
    ip, port = address[:2]
    return f"[{ip}]:{port}" if ":" in ip else f"{ip}:{port}"


class Client:
    """One TCP connection from a host of the lab."""

    def __init__(self, host, server, source=None, receive_buffer=None, label="r", timeout=200, wait=True, mss=None):
        self.label, self.ids, self.sent, self.status, self.buffer = label, [], [], None, b""
        self.kind = None      # a scenario's own word for what this client is there for
        with netns.entered(host.ns):
            self.socket = socket.socket(socket.AF_INET6 if ":" in server[0] else socket.AF_INET)
        self.socket.settimeout(timeout)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if receive_buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        if mss:
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, mss)
        if source:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            self.socket.bind(source)
        self.start, self.peer = time.time(), server
        if wait:
            self.socket.connect(server)
        else:
            self.socket.setblocking(False)
            self.socket.connect_ex(server)
        self.local = self.socket.getsockname()[:2]

    @property
    def name(self):
        return show(self.local)

    @property
    def server(self):
        return show(self.peer)

    def tls(self, version=None):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        if version:
            context.minimum_version = context.maximum_version = version
        self.socket = context.wrap_socket(self.socket, server_hostname="lab.test")
        return self

    def send(self, data):
        self.socket.sendall(data)
        self.sent.append(time.time())
        return self.sent[-1]

    def head(self, path, method="GET", length=None, headers=()):
        """The bytes of a request head with a fresh request id."""
        self.ids.append(new_id(self.label))
        lines = [f"{method} {path} HTTP/1.1", "Host: lab.test", f"X-Request-Id: {self.ids[-1]}", *headers]
        if length is not None:
            lines.append(f"Content-Length: {length}")
        return ("\r\n".join(lines) + "\r\n\r\n").encode()

    def request(self, path, method="GET", body=b"", headers=()):
        length = len(body) if method != "GET" else None
        return self.send(self.head(path, method, length, headers) + body)

    def receive(self, size=65536):
        """More bytes; b'' when the other side has closed in whatever way."""
        try:
            data = self.socket.recv(size)
        except (ConnectionResetError, ssl.SSLError):
            data = b""
        self.buffer += data
        return data

    def response(self):
        """The status of one whole response (Content-Length or chunked), None when it never came whole."""
        self.status = None
        while b"\r\n\r\n" not in self.buffer:
            if not self.receive():
                return None
        head, self.buffer = self.buffer.split(b"\r\n\r\n", 1)
        lines = head.decode().split("\r\n")
        headers = {k.lower(): v.strip() for k, v in (line.split(":", 1) for line in lines[1:])}
        status = int(lines[0].split()[1])
        self.status = status
        if headers.get("transfer-encoding") == "chunked":
            return status if self._chunks() else None
        if status == 101:
            return status
        length = int(headers.get("content-length", 0))
        while len(self.buffer) < length:
            if not self.receive():
                return None
        self.buffer = self.buffer[length:]
        return status

    def _chunks(self):
        while True:
            while b"\r\n" not in self.buffer:
                if not self.receive():
                    return False
            line, rest = self.buffer.split(b"\r\n", 1)
            size = int(line, 16)
            while len(rest) < size + 2:
                if not self.receive():
                    return False
                rest = self.buffer.split(b"\r\n", 1)[1]
            self.buffer = rest[size + 2:]
            if size == 0:
                return True

    def get(self, path, **more):
        self.request(path, **more)
        return self.response()

    def wait_close(self):
        """Reads until the other side closes; the time it did."""
        while self.receive():
            pass
        return time.time()

    def half_close(self):
        self.socket.shutdown(socket.SHUT_WR)

    def close(self):
        self.socket.close()
        return time.time()

    def abort(self):
        """close() with SO_LINGER 0: a RST."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()
        return time.time()
