"""HAProxy's timers and habits. Its log (%bi:%bp, %ts) names the server-side connection and why it ended."""
import time

from labkit.configs import haproxy
from labkit.registry import scenario


APP = "10.77.2.3:8000"
DOWN, UP = ("client", "lb"), ("lb", "app")
DEFAULTS = {"connect": "3s", "client": "50s", "server": "50s"}


def behind_haproxy(world, timeouts, app="scripted", **more):
    world.chain("client", "lb", "app", delays=(0.0052, 0.0017))
    application = world.serve(app, "app", "lb", 8000)
    lb = world.serve("haproxy", "lb", "client", 8080,
                     haproxy("10.77.1.3:8080", APP, {**DEFAULTS, **timeouts}, **more))
    return lb, application


def logged(lb):
    """HAProxy's lines by request id."""
    time.sleep(0.5)
    return {line["id"]: line for line in lb.access() if line["id"] not in ("", "-")}


@scenario(
    "haproxy-server-timeout", "HAProxy's timeout server: RST to the server, 504 to the client",
    """`timeout server` is 12.7 s. Three requests need 20 s. HAProxy answers 504, closes its server side with a RST and
    keeps the client's connection; the clients close it a moment later. A fourth request is answered in time: HAProxy
    (`http-reuse never`) ends that server connection with a RST as well, after the client has left, and nobody has lost
    anything.""",
    """`tcp.flags.reset == 1 && tcp.dstport == 8000`: RSTs by HAProxy 12.7 s after the request, in the same instant as
    `http.response.code == 504`; and the harmless ones after answered requests.""", seconds=35)
def server_timeout(world):
    lb, app = behind_haproxy(world, {"server": "12700ms"}, app="uvicorn",
                             more_backend="http-reuse never")
    world.setting("haproxy", "timeout server", 12.7)
    world.capture("lb")
    world.capture("app", view="at-app")

    def ask(number):
        time.sleep(0.8 * number)
        client = world.connect("client", lb.address)
        client.get("/sleep/20" if number < 3 else "/hello")
        time.sleep(0.7)
        client.close()
        return client

    clients = world.parallel(ask, range(4))
    time.sleep(8)
    lines = logged(lb)
    for number, client in enumerate(clients):
        down = world.truth.client_leg(client, DOWN, cls=["clean"], owed="nothing", closer="client", flag="FIN",
                                      instance=client.ids[0])
        if number < 3:
            assert lines[client.ids[0]]["state"] == "sH" and client.status == 504
            up = world.truth.upstream_leg(
                app.request(client.ids[0]), UP, cls=["idle-timeout"], severity="problem", phase="awaiting-response",
                owed="response", closer="client", flag="RST", timer=("haproxy.timeout_server", 12.7),
                instance=client.ids[0])
        else:
            up = world.truth.upstream_leg(app.request(client.ids[0]), UP, cls=["clean"], owed="nothing", closer="client",
                                          flag="RST", status=200, instance=client.ids[0])
        world.truth.link(down, up)


@scenario(
    "haproxy-client-timers", "HAProxy's timers on the client side: http-request, http-keep-alive, client",
    """`timeout http-request` 4.6 s: two clients send no byte, two half a head; HAProxy answers 408 and closes.
    `timeout http-keep-alive` 6.7 s: three clients are idle after a response; FIN without a word. On a second frontend
    without those two, `timeout client` 9.1 s ends three clients that stop in mid-head (408 as well).""",
    """`http.response.code == 408` in the same instant as HAProxy's FIN, after the handshake by 4.6 s (9.1 s on port
    8081) for the silent ones, after the last byte of the half heads; bare FINs 6.7 s after a response.""", seconds=20)
def client_timers(world):
    more = "frontend second\n  bind 10.77.1.3:8081\n  timeout client 9100ms\n  timeout http-request 0\n  default_backend back"
    lb, app = behind_haproxy(world, {"http-request": "4600ms", "http-keep-alive": "6700ms"})
    second = secondary(world, more)
    world.setting("haproxy", "timeout http-request", 4.6)
    world.setting("haproxy", "timeout http-keep-alive", 6.7)
    world.setting("haproxy", "timeout client (port 8081)", 9.1)
    world.capture("lb", interface="to-client")

    def job(number):
        time.sleep(0.31 * number)
        client = world.connect("client", second.address if number > 6 else lb.address)
        if number in (2, 3) or number > 6:
            time.sleep(0.4)
            client.send(b"GET /hello HTTP/1.1\r\nHost: lab.test\r\nX-Half: ")
        elif number in (4, 5, 6):
            client.get("/hello")
        client.wait_close()
        time.sleep(0.05)
        client.close()
        return client

    for number, client in enumerate(world.parallel(job, range(10))):
        if number in (4, 5, 6):
            down = world.truth.client_leg(client, DOWN, cls=["idle-timeout"], severity="ok", phase="between-requests",
                                          owed="nothing", closer="server", flag="FIN",
                                          timer=("haproxy.timeout_http-keep-alive", 6.7))
            world.truth.link(down, world.truth.upstream_leg(app.request(client.ids[0]), ("lb", "app"), severity=None,
                                                            cls=["idle-timeout", "clean"], owed="nothing", status=200))
            continue
        silent, seconds = number < 2, 9.1 if number > 6 else 4.6
        name = "haproxy.timeout_client" if number > 6 else "haproxy.timeout_http-request"
        world.truth.client_leg(
            client, DOWN, cls=["idle-timeout"], severity=None if silent else "problem",
            phase="awaiting-request" if silent else "mid-request", owed="nothing" if silent else "rest-of-request",
            closer="server", flag="FIN", timer=(name, seconds), status=408, exchanges=0,
            wire={"since": "start" if silent else "payload", "gap": (seconds - 0.1, seconds + 0.3)})


def secondary(world, frontend, defaults=""):
    """A second HAProxy on the same host, with a frontend of its own."""
    text = f"""global
  log @DIR@/log.sock local0
defaults
  mode http
  timeout connect 3s
  timeout server 50s
  {defaults}
{frontend}
backend back
  server app {APP}
"""
    return world.serve("haproxy", "lb", "client", 8081, text)
