"""The application behind gunicorn: /hello, /sleep/S, /bytes/N. Notes every request in $LAB_LOG."""
import json
import os
import time


def note(event, environ):
    sock = environ.get("gunicorn.socket")
    local = "%s:%d" % sock.getsockname()[:2] if sock else None
    line = json.dumps({"t": time.time(), "event": event, "local": local, "pid": os.getpid(),
                       "peer": f"{environ['REMOTE_ADDR']}:{environ['REMOTE_PORT']}",
                       "id": environ.get("HTTP_X_REQUEST_ID"), "path": environ["PATH_INFO"]})
    with open(os.environ["LAB_LOG"], "a") as log:
        log.write(line + "\n")


def app(environ, start_response):
    note("request", environ)
    environ["wsgi.input"].read()
    word, *numbers = environ["PATH_INFO"].strip("/").split("/")
    body = b"hello\n"
    if word == "sleep":
        time.sleep(float(numbers[0]))
    elif word == "bytes":
        body = b"0123456789" * (int(numbers[0]) // 10)
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
    note("answered", environ)
    return [body]
