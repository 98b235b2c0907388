"""captures/<scenario>/: capture, expected.json and README, written from truth, settings and tshark's view."""
import functools
import json
import os
import platform
import re
import shutil
import subprocess
import time

from . import check, judge

VERSIONS = {"nginx": ["nginx", "-v"], "haproxy": ["haproxy", "-v"], "node": ["node", "--version"],
            "uvicorn": ["/usr/bin/python3", "-W", "ignore", "-c", "import uvicorn; print(uvicorn.__version__)"],
            "gunicorn": ["/usr/bin/python3", "-W", "ignore", "-c", "import gunicorn; print(gunicorn.__version__)"],
            "tinyproxy": ["tinyproxy", "-v"], "squid": ["squid", "-v"],
            "tcpdump": ["tcpdump", "--version"], "tshark": ["tshark", "--version"], "curl": ["curl", "--version"]}
TABLE = ["| tcp.stream | leg | connection | truth | severity | status | first close on the wire |",
         "| ---: | --- | --- | --- | --- | ---: | --- |"]


@functools.cache
def version(tool):
    done = subprocess.run(VERSIONS[tool], capture_output=True, text=True)
    found = re.search(r"\d+\.\d+(\.\d+)?", done.stdout + done.stderr)
    return found.group(0) if found else "unknown"


def expected(world, scenario, capture, name, kept, dropped, unlabelled):
    kinds = {server.name for server in world.servers} & set(VERSIONS)
    return {
        "scenario": name, "title": scenario.title if name == scenario.name else
        f"{scenario.title} (seen at {capture.vantage})",
        "capture": "capture" + os.path.splitext(capture.path)[1], "vantage": capture.vantage,
        "made": {"date": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), "kernel": platform.release(),
                 "tools": {tool: version(tool) for tool in sorted(kinds | {"tcpdump", "tshark"})},
                 "command": f"captures/lab/run {'--everywhere ' * capture.point}{scenario.name}",
                 "tcpdump": " ".join(capture.command)},
        "settings": world.settings, "dropped": dropped, **({"unlabelled": unlabelled} if unlabelled else {}),
        "connections": [c.entry(kept, judge.told(world, c, capture)[0], capture.blur,
                                lambda labels, c=c: judge.remaining(world, c, labels, capture)) for c in kept]}


def row(entry, flow):
    """One line of the README's table: the truth on the left, what tshark shows on the right."""
    first = flow.first_close()
    closed = "no FIN, no RST"
    if first:
        closed = f"frame {first.frame}: {flow.side(first)} {'RST' if first.rst else 'FIN'}"
        payload = [p for p in flow.payload(before=first)]
        if payload:
            closed += f", {first.t - payload[-1].t:.3f} s after the last payload before it"
    label = " / ".join(entry["class"])
    variant = entry["variant"]
    if variant:
        label += f" ({variant if isinstance(variant, str) else ' or '.join(variant)})"
    return (f"| {flow.stream} | {entry['leg']} | `{entry['client']}` → `{entry['server']}` | {label} "
            f"| {entry['severity'] or '–'} | {entry['status'] or '–'} | {closed} |")


def readme(data, scenario, flows, notes):
    lines = [f"# {data['title']}", "", scenario.happened, "",
             f"Made by `{data['made']['command']}` on {data['made']['date'][:10]} "
             f"(Linux {data['made']['kernel']}, " +
             ", ".join(f"{k} {v}" for k, v in data["made"]["tools"].items()) +
             f"). Taken at {data['vantage']} with `{data['made']['tcpdump']}`. Labels come from what the driver did and "
             "from the servers' logs and configuration; tshark then checked that the wire agrees.", ""]
    if data["settings"]:
        lines += ["In force: " + ", ".join(
            f"{s['component']} `{s['setting']}` {s['seconds']:g}{'' if 'a count' in s['setting'] else ' s'}"
            f"{' (its default)' if s['default'] else ''}"
            for s in data["settings"]) + ".", ""]
    lines += ["In Wireshark: " + " ".join(scenario.look.split()), ""]
    lines += [note + "\n" for note in notes]
    if data["dropped"]:
        lines += [f"{data['dropped']} instance(s) did not come out as intended and were taken out.", ""]
    if data.get("unlabelled"):
        lines += [f"{data['unlabelled']} stream(s) in the capture carry no label: they are not in the table.", ""]
    lines += TABLE
    entries = data["connections"]
    for entry in entries[:40]:
        flow = check.find(flows, type("Key", (), {**entry})())
        lines.append(row(entry, flow))
    if len(entries) > 40:
        lines += ["", f"… and {len(entries) - 40} more in expected.json."]
    return "\n".join(lines) + "\n"


def compact(data):
    """Indented, but with one connection per line: thousands of them stay small and diffs readable."""
    text = json.dumps({**data, "connections": []}, indent=1, ensure_ascii=False)
    lines = ",\n".join("  " + json.dumps(c, ensure_ascii=False) for c in data["connections"])
    return text.replace('"connections": []', f'"connections": [\n{lines}\n ]') + "\n"


def copy(source, target):
    shutil.copyfile(source, target)


def write(folder, capture_path, data, scenario, notes, flows):
    """`flows`: tshark's view of the capture, for the README; None: no README."""
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    copy(capture_path, os.path.join(folder, data["capture"]))
    with open(os.path.join(folder, "expected.json"), "w") as out:
        out.write(compact(data))
    if flows is not None:
        with open(os.path.join(folder, "README.md"), "w") as out:
            out.write(readme(data, scenario, flows, notes))
