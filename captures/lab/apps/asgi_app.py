"""The application behind uvicorn. What it does is written in the path; what it did, in $LAB_LOG.

/hello  /status/N  /sleep/S  /bytes/N  /stall/N/S (N bytes of 2N, then silence)  /events/COUNT/EVERY (server-sent events)
LAB_HEARTBEAT=S: event streams say ": ping" every S seconds while they have nothing else to say.
/call/... asks the API at $LAB_API for /... through one pooled httpx client with default timeouts, and says 504 or 502 itself
"""
import asyncio
import json
import os
import time

LOG = open(os.environ["LAB_LOG"], "a", buffering=1)


def show(address):
    return ("[%s]:%d" if ":" in address[0] else "%s:%d") % tuple(address[:2])


def note(event, scope, **more):
    headers = {name: value.decode() for name, value in scope.get("headers", [])}
    LOG.write(json.dumps({
        "t": time.time(), "event": event, "peer": show(scope["client"]), "local": show(scope["server"]),
        "id": headers.get(b"x-request-id"), "about": headers.get(b"x-original-uri"),
        "path": scope["path"], **more}) + "\n")


async def lifespan(receive, send):
    while True:
        message = await receive()
        await send({"type": message["type"] + ".complete"})
        if message["type"] == "lifespan.shutdown":
            return


async def read_body(receive):
    size = 0
    while True:
        message = await receive()
        size += len(message.get("body", b""))
        if message["type"] == "http.disconnect" or not message.get("more_body"):
            return size


async def answer(send, body, headers=(), status=200):
    await send({"type": "http.response.start", "status": status, "headers":
                [(b"content-type", b"text/plain"), (b"content-length", str(len(body)).encode()), *headers]})
    await send({"type": "http.response.body", "body": body})


async def app(scope, receive, send):
    if scope["type"] == "lifespan":
        return await lifespan(receive, send)
    word, *numbers = scope["path"].strip("/").split("/")
    note("request", scope)
    if scope["type"] == "websocket":
        return await tunnel(scope, receive, send)
    if word == "call":
        return await call("/" + "/".join(numbers), scope, send)
    size = await read_body(receive) if scope["method"] == "POST" else 0
    try:
        await act(word, [float(n) for n in numbers], size, send)
        note("answered", scope)
    except asyncio.CancelledError:
        note("cancelled", scope)
        raise


async def tunnel(scope, receive, send):
    """A WebSocket that answers each message; pings are uvicorn's own business."""
    while True:
        message = await receive()
        if message["type"] == "websocket.connect":
            await send({"type": "websocket.accept"})
        elif message["type"] == "websocket.disconnect":
            return note("disconnected", scope, code=message.get("code"))
        else:
            await send({"type": "websocket.send", "text": "heard"})


async def act(word, numbers, size, send):
    if word == "sleep":
        await asyncio.sleep(numbers[0])
        await answer(send, b"slept well\n")
    elif word == "status":
        await answer(send, b"this is why\n", status=int(numbers[0]))
    elif word == "bytes":
        await answer(send, os.urandom(1000).hex().encode()[:1000] * int(numbers[0] // 1000))
    elif word == "stall":
        length = int(numbers[0])
        await send({"type": "http.response.start", "status": 200, "headers":
                    [(b"content-length", str(2 * length).encode())]})
        await send({"type": "http.response.body", "body": b"x" * length, "more_body": True})
        await asyncio.sleep(numbers[1])
        await send({"type": "http.response.body", "body": b"y" * length})
    elif word == "events":
        await events(int(numbers[0]), numbers[1], send)
    else:
        await answer(send, b"hello, %d bytes read\n" % size)


_client = []


async def call(path, scope, send):
    """The application as a proxy: its own leg to the API has its own timers (httpx: 5 s, pool 5 s)."""
    import httpx
    if not _client:
        _client.append(httpx.AsyncClient(base_url=os.environ["LAB_API"]))
    headers = {name.decode(): value.decode() for name, value in scope["headers"] if name == b"x-request-id"}
    try:
        response = await _client[0].get(path, headers=headers)
        status, body = response.status_code, response.content
    except httpx.TimeoutException as error:
        status, body = 504, type(error).__name__.encode()
    except httpx.HTTPError as error:
        status, body = 502, type(error).__name__.encode()
    note("called", scope, status=status, said=body[:40].decode(errors="replace"))
    await answer(send, body, status=status)


async def events(count, every, send):
    await send({"type": "http.response.start", "status": 200, "headers":
                [(b"content-type", b"text/event-stream"), (b"x-accel-buffering", b"no")]})
    for number in range(count):
        await send({"type": "http.response.body", "body": b"data: tick %d\n\n" % number, "more_body": True})
        await quiet(every, send)
    await send({"type": "http.response.body", "body": b""})


async def quiet(seconds, send):
    """Nothing to say; with a heartbeat configured, a comment line every that many seconds, as event streams have them."""
    beat = float(os.environ.get("LAB_HEARTBEAT", 0))
    end = time.monotonic() + seconds
    while beat and end - time.monotonic() > beat:
        await asyncio.sleep(beat)
        await send({"type": "http.response.body", "body": b": ping\n\n", "more_body": True})
    await asyncio.sleep(max(0.0, end - time.monotonic()))
