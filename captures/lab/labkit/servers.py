"""Real servers in namespaces: their configuration, their start, their logs."""
import glob
import json
import os
import signal
import socket
import subprocess
import time

from . import netns

APPS = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "apps")
PYTHON = "/usr/bin/python3"

NGINX = """daemon off; worker_processes 1; user root; pid {dir}/nginx.pid; {main}
error_log {dir}/error.log info;
events {{ worker_connections 4096; }}
http {{
  log_format lab escape=json '{{"t":$msec,"client":"$remote_addr:$remote_port","server":"$server_addr:$server_port",'
    '"id":"$http_x_request_id","status":$status,"request_time":$request_time,"requests":$connection_requests,'
    '"upstream":"$upstream_addr","upstream_status":"$upstream_status","completion":"$request_completion"}}';
  access_log {dir}/access.log lab;
  client_body_temp_path {dir}/body; proxy_temp_path {dir}/proxy; fastcgi_temp_path {dir}/f;
  uwsgi_temp_path {dir}/u; scgi_temp_path {dir}/s;
{http}
}}
"""


class Server:
    """One started process group with its directory and its logs."""
    main = ""       # nginx: directives outside all blocks

    def __init__(self, name, host, argv, directory, env=None):
        self.name, self.host, self.dir = name, host, directory
        self.out = open(os.path.join(directory, "output.log"), "ab")
        self.log_path = os.path.join(directory, "lab.log")
        argv = ["ip", "netns", "exec", host.ns, *argv]
        self.process = subprocess.Popen(
            argv, stdout=self.out, stderr=self.out, start_new_session=True, cwd=directory,
            env={"PATH": os.environ["PATH"], "LAB_LOG": self.log_path, "PYTHONPATH": APPS,
                 "PYTHONDONTWRITEBYTECODE": "1", **(env or {})})

    def wait_for(self, address, port, seconds=15):
        """Until the port accepts. The probing connection comes from the server's own loopback."""
        deadline = time.monotonic() + seconds
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                break
            with netns.entered(self.host.ns):
                probe = socket.socket(family)
            with probe:
                if probe.connect_ex((address, port)) == 0:
                    return self
            time.sleep(0.1)
        raise RuntimeError(f"{self.name} did not start: see {self.dir}/output.log")

    def lines(self, path=None):
        """Its log, one JSON object per line."""
        path = path or self.log_path
        if not os.path.exists(path):
            return []
        with open(path) as log:
            return [json.loads(line) for line in log if line.startswith("{")]

    def access(self):
        return self.lines(os.path.join(self.dir, "access.log"))

    def request(self, request_id, event="request"):
        """The application's own line about a request, the last one when there are several."""
        found = [line for line in self.lines() if line.get("id") == request_id and line["event"] == event]
        return found[-1] if found else None

    def reconfigure(self, http):
        """nginx only: a new configuration file and `nginx -s reload`, as an operator does it."""
        write(self.dir, "nginx.conf", NGINX.format(dir=self.dir, http=http, main=self.main))
        os.kill(self.process.pid, signal.SIGHUP)
        time.sleep(1)

    def stop(self, sig=signal.SIGTERM, wait=5):
        if self.process.poll() is None:
            try:
                os.killpg(self.process.pid, sig)
                self.process.wait(wait)
            except (ProcessLookupError, subprocess.TimeoutExpired):
                self.kill()

    def kill(self):
        """SIGKILL to the whole group: workers die with their master."""
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait(5)


def write(directory, name, text):
    path = os.path.join(directory, name)
    with open(path, "w") as out:
        out.write(text)
    return path


def nginx(host, directory, http, main=""):
    config = write(directory, "nginx.conf", NGINX.format(dir=directory, http=http, main=main))
    server = Server("nginx", host, ["/usr/sbin/nginx", "-c", config, "-e", f"{directory}/error.log"], directory)
    server.main = main
    return server


def haproxy(host, directory, text):
    """HAProxy logs to a Unix datagram socket: one small reader of ours keeps the lines."""
    write(directory, "haproxy.cfg", text.replace("@DIR@", directory))
    return Server("haproxy", host, [PYTHON, os.path.join(APPS, "haproxy_with_log.py"), directory], directory)


def tinyproxy(host, directory, text):
    config = write(directory, "tinyproxy.conf", text.replace("@DIR@", directory))
    return Server("tinyproxy", host, ["/usr/bin/tinyproxy", "-d", "-c", config], directory)


class Squid(Server):
    """Leaves no shared memory behind, which a squid that is killed does not tidy up."""

    def kill(self):
        super().kill()
        for left in glob.glob(f"/dev/shm/{squid_name()}-*"):
            os.unlink(left)


def squid_name():
    """A name of this run's own: two squids of one name share memory."""
    return f"lab{os.getpid()}"


def squid(host, directory, text):
    """Squid will not run as root: it becomes `proxy`, who has to be able to write here."""
    config = write(directory, "squid.conf", text.replace("@DIR@", directory))
    os.chmod(directory, 0o777)
    return Squid("squid", host, ["/usr/sbin/squid", "-N", "-n", squid_name(), "-f", config], directory)


def uvicorn(host, directory, address, port, *options, api=None, heartbeat=None):
    env = {"LAB_API": f"http://{api}"} if api else {}
    env.update({"LAB_HEARTBEAT": str(heartbeat)} if heartbeat else {})
    return Server("uvicorn", host, [PYTHON, "-m", "uvicorn", "asgi_app:app", "--host", address, "--port", str(port),
                                    "--no-access-log", *options], directory, env)


def gunicorn(host, directory, address, port, *options):
    app = [] if "asgi_app:app" in options else ["wsgi_app:app"]
    return Server("gunicorn", host, [PYTHON, "/usr/bin/gunicorn", *app, "--bind", f"{address}:{port}", *options],
                  directory)


def node(host, directory, address, port, options=None):
    return Server("node", host, ["/usr/bin/node", os.path.join(APPS, "node_app.mjs"), address, str(port)], directory,
                  {"LAB_OPTIONS": json.dumps(options or {})})


def scripted(host, directory, address, port, *more):
    return Server("scripted", host, [PYTHON, os.path.join(APPS, "scripted.py"), address, str(port),
                                     *map(str, more)], directory)
