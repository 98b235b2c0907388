"""A gRPC server that notes who called, and clients of it. Messages are plain bytes: no generated code is needed.

serve ADDRESS                   /lab.Lab/Hello answers at once, /lab.Lab/Sleep after the seconds it was sent,
                                /lab.Lab/Stream says something every 0.2 s for ever
good|deadline|cancel|killed ADDRESS NAME    one channel that does what its name says; prints the status codes it got
"""
import concurrent.futures
import json
import os
import sys
import time
import urllib.parse

import grpc


def note(context, word):
    peer = urllib.parse.unquote(context.peer()).split(":", 1)[1]
    name = dict(context.invocation_metadata()).get("x-request-id")
    LOG.write(json.dumps({"t": time.time(), "event": "request", "peer": peer, "local": ADDRESS, "id": name,
                          "path": word}) + "\n")


def hello(request, context):
    note(context, "hello")
    return b"hello " + request


def sleep(request, context):
    note(context, "sleep")
    time.sleep(float(request))
    return b"slept"


def stream(request, context):
    note(context, "stream")
    while context.is_active():
        yield b"event"
        time.sleep(0.2)


def serve():
    server = grpc.server(concurrent.futures.ThreadPoolExecutor(20))
    server.add_generic_rpc_handlers([grpc.method_handlers_generic_handler("lab.Lab", {
        "Hello": grpc.unary_unary_rpc_method_handler(hello),
        "Sleep": grpc.unary_unary_rpc_method_handler(sleep),
        "Stream": grpc.unary_stream_rpc_method_handler(stream)})])
    server.add_insecure_port(ADDRESS)
    server.start()
    server.wait_for_termination()


def outcome(call):
    """The status code of one call that was let run to its end."""
    try:
        call.result()
    except grpc.RpcError as error:
        return error.code().name
    except grpc.FutureCancelledError:
        return "CANCELLED"
    return "OK"


def drained(call):
    try:
        for _ in call:
            pass
    except grpc.RpcError as error:
        return error.code().name
    return "OK"


def client(kind, name):
    channel = grpc.insecure_channel(ADDRESS, options=[("grpc.enable_http_proxy", 0)])
    ids = []

    def known():
        """Metadata with a fresh request id."""
        ids.append(f"{name}-{len(ids) + 1}")
        return [("x-request-id", ids[-1])]

    call = channel.unary_unary("/lab.Lab/Hello")
    slow = channel.unary_unary("/lab.Lab/Sleep")
    events = channel.unary_stream("/lab.Lab/Stream")
    codes = []
    if kind == "good":
        for _ in range(3):
            codes.append(outcome(call.future(b"x" * 40, metadata=known())))
            time.sleep(0.3)
    elif kind == "deadline":
        codes.append(outcome(slow.future(b"2.6", metadata=known(), timeout=1.7)))
        time.sleep(0.4)
        codes.append(outcome(call.future(b"again", metadata=known())))
    elif kind == "cancel":
        running = events(b"go", metadata=known())
        for _ in range(6):
            next(running)
        running.cancel()
        codes.append(drained(running))
        time.sleep(0.3)
    else:
        running, waiting = events(b"go", metadata=known()), slow.future(b"60", metadata=known())
        codes += [drained(running), outcome(waiting)]
    channel.close()
    print(json.dumps({"name": name, "ids": ids, "codes": codes}))


what, ADDRESS, *more = sys.argv[1:]
if what == "serve":
    LOG = open(os.environ["LAB_LOG"], "a", buffering=1)
    serve()
else:
    client(what, *more)
