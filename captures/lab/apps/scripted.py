"""A server that misbehaves exactly as told, in the path of each request (one thread per connection).

/hello               a normal keep-alive answer
/then/HOW/S          a normal answer, then S seconds later: HOW = fin, rst, blind (closes without reading what came)
/leak                a normal answer, and the socket is never closed, not even after the client's FIN
/short/N/M           Content-Length N, M bytes sent, then FIN     /part/N/M/rst   the same, then RST
/empty               "200 OK" without length or body, then FIN
/drop /abort         request read, no answer: FIN / RST           /unread         closed with the request unread: RST
/slow/N/CHUNK/S      N bytes, CHUNK of them every S seconds       /deaf           never reads the body
/endless/CHUNK/S     no length at all: CHUNK bytes every S seconds until somebody stops it
/chunked/K           K chunks and then FIN without the last one   /early          401 before the body is read, then close
"""
import json
import os
import socket
import struct
import sys
import threading
import time

LOG = open(os.environ["LAB_LOG"], "a", buffering=1)
LEAKED = []
LEAKY = "leaky" in sys.argv     # never closes a socket that its peer has closed


def show(address):
    return ("[%s]:%d" if ":" in address[0] else "%s:%d") % tuple(address[:2])


def note(event, connection, **more):
    try:
        peer = show(connection.getpeername())
    except OSError:
        peer = None
    LOG.write(json.dumps({"t": time.time(), "event": event, "peer": peer,
                          "local": show(connection.getsockname()), **more}) + "\n")


def reset(connection):
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def read_head(connection, peek=False):
    data = b""
    while b"\r\n\r\n" not in data:
        piece = connection.recv(65536, socket.MSG_PEEK if peek else 0)
        if not piece:
            return None
        data = piece if peek else data + piece
    head, rest = data.split(b"\r\n\r\n", 1)
    lines = head.decode().split("\r\n")
    headers = {k.lower(): v.strip() for k, v in (line.split(":", 1) for line in lines[1:])}
    return lines[0].split()[1], headers, rest


def answer(connection, body=b"hello\n", status="200 OK", length=None):
    head = f"HTTP/1.1 {status}\r\nContent-Length: {len(body) if length is None else length}\r\n\r\n"
    connection.sendall(head.encode() + body)


def serve(connection):
    while True:
        # The first look only peeks, so that /unread can close with the request still in the kernel.
        request = read_head(connection, peek=True)
        if request is None:
            note("eof", connection)
            return LEAKED.append(connection) if LEAKY else connection.close()
        words = request[0].strip("/").split("/")
        note("request", connection, id=request[1].get("x-request-id"), path=request[0])
        if words[0] == "unread":
            return connection.close()
        path, headers, rest = read_head(connection)
        owed = int(headers.get("content-length", 0)) - len(rest)
        while owed > 0 and words[0] not in ("deaf", "early"):
            piece = connection.recv(65536)
            if not piece:
                break
            owed -= len(piece)
        if act(connection, *words) == "done":
            return None


def act(connection, word, *more):
    if word == "then":
        answer(connection)
        time.sleep(float(more[1]))
        note("closing", connection, how=more[0])
        reset(connection) if more[0] == "rst" else connection.close()
    elif word == "leak":
        answer(connection)
        LEAKED.append(connection)
    elif word in ("short", "part"):
        answer(connection, b"x" * int(more[1]), length=int(more[0]))
        time.sleep(0.3)
        note("closing", connection)
        reset(connection) if word == "part" else connection.close()
    elif word == "empty":
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        connection.close()
    elif word == "chunked":
        connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"6\r\nhello\n\r\n" * int(more[0]))
        time.sleep(0.3)
        note("closing", connection)
        connection.close()
    elif word == "slow":
        connection.sendall(f"HTTP/1.1 200 OK\r\nContent-Length: {more[0]}\r\n\r\n".encode())
        for _ in range(int(more[0]) // int(more[1])):
            connection.sendall(b"x" * int(more[1]))
            time.sleep(float(more[2]))
        return None
    elif word == "endless":
        connection.sendall(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
        while True:
            connection.sendall(b"x" * int(more[0]))
            time.sleep(float(more[1]))
    elif word == "early":
        answer(connection, b"no\n", "401 Unauthorized")
        connection.close()
    elif word == "deaf":
        LEAKED.append(connection)
    elif word == "drop":
        connection.close()
    elif word == "abort":
        reset(connection)
    else:
        answer(connection)
        return None
    return "done"


def guarded(connection):
    try:
        serve(connection)
    except OSError as error:
        LOG.write(json.dumps({"t": time.time(), "event": "error", "error": str(error)}) + "\n")


if __name__ == "__main__":
    family = socket.AF_INET6 if ":" in sys.argv[1] else socket.AF_INET
    # Optional: receive buffer (0: the system's own) and length of the listen queue.
    receive = int(sys.argv[3]) if len(sys.argv) > 3 else 0
    backlog = int(sys.argv[4]) if len(sys.argv) > 4 else 256
    listener = socket.create_server((sys.argv[1], int(sys.argv[2])), family=family, backlog=backlog)
    if receive:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive)
    while True:
        accepted, _ = listener.accept()
        accepted.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        note("accept", accepted)
        threading.Thread(target=guarded, args=(accepted,), daemon=True).start()
