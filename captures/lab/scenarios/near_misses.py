"""Things that look like keep-alive races to a careless reader."""
import time

from labkit.registry import scenario


@scenario(
    "race-near-misses", "Not races: answered in time, closed on a first request, pipelined, closed in good order",
    """Four things that look like keep-alive races to a careless reader. (1) A request arrives 60 ms before the server's
    idle timer would fire and is answered; the server closes much later. (2) A fresh connection whose first request is
    dropped without an answer. (3) The server closes an idle connection and the client, seeing the FIN, opens a new one.
    (4) A reused connection whose second request is read and then dropped: the application did that, not a timer.""",
    """Each stream directly to port 8000; compare the server's FIN with the last request: acknowledged and answered (1),
    first on its connection (2), no request behind the FIN (3), FIN that acknowledges the whole request (4).""",
    seconds=20)
def near_misses(world):
    world.chain("client", "app", delays=(0.0061,))
    app = world.serve("uvicorn", "app", "client", 8000)
    dropper = world.serve("scripted", "app", "client", 8002)
    world.setting("uvicorn", "timeout_keep_alive", 5, default=True)
    world.capture("client")
    leg = ("client", "app")
    world.parallel(lambda job: job[0](world, app, dropper, leg, job[1]),
                   [(kind, number) for kind in (answered_in_time, first_dropped, fresh_after_fin, second_dropped)
                    for number in range(2)])


def answered_in_time(world, app, dropper, leg, number):
    client = world.connect("client", app.address)
    client.get("/hello")
    time.sleep(4.92 - 0.0122 - 0.02 * number)
    assert client.get("/hello") == 200
    client.wait_close()
    client.close()
    world.truth.client_leg(client, leg, cls=["idle-timeout"], severity="ok", phase="between-requests", owed="nothing",
                           closer="server", flag="FIN", timer=("uvicorn.timeout_keep_alive", 5.0))


def first_dropped(world, app, dropper, leg, number):
    client = world.connect("client", dropper.address)
    time.sleep(1.5 * number)
    client.get("/drop")
    client.close()
    world.truth.client_leg(client, leg, cls=["server-abort"], severity="problem", phase="awaiting-response",
                           owed="response", closer="server", flag="FIN")


def fresh_after_fin(world, app, dropper, leg, number):
    client = world.connect("client", app.address)
    client.get("/hello")
    client.wait_close()
    time.sleep(0.02)
    client.close()
    again = world.connect("client", app.address)
    assert again.get("/hello") == 200
    again.close()
    world.truth.client_leg(client, leg, cls=["idle-timeout"], severity="ok", phase="between-requests", owed="nothing",
                           closer="server", flag="FIN", timer=("uvicorn.timeout_keep_alive", 5.0))
    world.truth.client_leg(again, leg, cls=["clean"], owed="nothing", closer="client", flag="FIN")


def second_dropped(world, app, dropper, leg, number):
    client = world.connect("client", dropper.address)
    client.get("/hello")
    time.sleep(1.3 + 0.6 * number)
    client.status = None
    client.get("/drop")
    client.close()
    world.truth.client_leg(client, leg, cls=["server-abort"], severity="problem", phase="awaiting-response",
                           owed="response", closer="server", flag="FIN", status=None)
