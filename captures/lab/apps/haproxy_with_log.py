"""Runs HAProxy in the foreground and keeps its log lines (datagrams) in access.log, one JSON object each.

haproxy_with_log.py DIRECTORY   expects haproxy.cfg there, logging to DIRECTORY/log.sock
"""
import os
import signal
import socket
import subprocess
import sys

directory = sys.argv[1]
log = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
log.bind(os.path.join(directory, "log.sock"))
log.settimeout(0.2)
proxy = subprocess.Popen(["/usr/sbin/haproxy", "-db", "-f", os.path.join(directory, "haproxy.cfg")])
signal.signal(signal.SIGTERM, lambda *_: proxy.terminate())
with open(os.path.join(directory, "access.log"), "a", buffering=1) as out:
    while proxy.poll() is None:
        try:
            line = log.recv(65536).decode()
        except TimeoutError:
            continue
        if "{" in line:
            out.write(line[line.index("{"):].strip() + "\n")
        else:
            sys.stderr.write(line + "\n")
