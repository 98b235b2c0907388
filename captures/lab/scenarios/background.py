"""Thousands of ordinary connections around a handful of sick ones. Large, so it is never committed."""
import time

from labkit import crowd
from labkit.registry import scenario

from .incidents import APP, crowd_world, healthy


@scenario(
    "background", "Three thousand ordinary sessions, and four clients among them that leave (not committed)",
    """100 seconds of healthy traffic from forty client addresses; four clients leave while they wait, two get a 504
    (`proxy_read_timeout` 23.7 s). For finding needles, and for measuring how fast a tool is.""",
    """`http.response.code == 504`; the rest is noise.""", seconds=130, commit=False)
def background(world):
    nginx, app, people = crowd_world(world, {"/": f"proxy_pass http://{APP}; proxy_read_timeout 23700ms;"}, app="uvicorn",
                                     seed=3000)
    world.setting("nginx", "proxy_read_timeout", 23.7)
    world.capture("nginx", bulk=True)
    healthy(people, 3000, 100)
    for number in range(4):
        people.at(10 + 21.3 * number, crowd.leaver, number, "/sleep/9", 1.9 + 0.77 * number, number % 2 == 1)
    for number in range(2):
        people.at(20 + 17.1 * number, crowd.too_slow, number, "/sleep/30", "nginx.proxy_read_timeout", 23.7)
    clients = people.run()
    time.sleep(2)
    world.stop_captures()
    crowd.label(world, clients, app)
