"""A problem, a change made on the running servers, and the same traffic again: two captures of one world.

The scenario says what was changed and what a comparison of the two captures has to answer. Numbers are counted over the
connections that the referee kept: `count` those with the finding, `opportunities` what could have shown it (each
connection's own `wire["exposed"]`, from the driver's plan and the servers' logs).
"""
import contextlib
import json
import os
import time

from . import check, publish

SIDES = ("before", "after")
ANSWERS = ("fixed", "not-fixed", "inconclusive", "moved")


class Pair:
    def __init__(self, world, changed, answer, why, exposure, change, before, after):
        """`before` and `after`: {class, variant, phase, leg, timer} of the finding, or None where it is gone."""
        assert answer in ANSWERS, answer
        self.changed, self.answer, self.why = changed, answer, " ".join(why.split())
        self.exposure, self.change, self.findings = exposure, change, {"before": before, "after": after}
        self.parts = {}
        world.pair = self

    def finding(self, side):
        """The finding of that side with its numbers; the class to be counted is the one before when it is gone."""
        wanted, kept = self.findings[side], self.parts[side]["kept"]
        looked_for = wanted or self.findings["before"]
        count = sum(matches(connection, looked_for) for connection in kept)
        assert wanted is not None or count == 0, f"{side}: {count} left although it is said to be gone"
        assert wanted is None or count, f"{side}: nothing of {wanted}"
        return {"capture": f"{side}.pcap", "finding": wanted, "count": count,
                "opportunities": sum(c.wire.get("exposed", 0) for c in kept), "connections": len(kept)}

    def add(self, side, kept, path, data, flows):
        self.parts[side] = {"kept": kept, "path": path, "data": data, "flows": flows}

    def write(self, folder, scenario):
        """captures/verify/NAME: both captures, a label file for each, expected.json for the pair, a README."""
        os.makedirs(folder, exist_ok=True)
        for side in SIDES:
            part = self.parts[side]
            publish.copy(part["path"], os.path.join(folder, f"{side}.pcap"))
            with open(os.path.join(folder, f"{side}.expected.json"), "w") as out:
                out.write(publish.compact({**part["data"], "capture": f"{side}.pcap"}))
        summary = {"pair": scenario.name.removeprefix("verify-"), "title": scenario.title, "changed": self.changed,
                   "change": self.change, "answer": self.answer, "why": self.why, "exposure": self.exposure,
                   **{side: self.finding(side) for side in SIDES}, "made": self.parts["after"]["data"]["made"]}
        with open(os.path.join(folder, "expected.json"), "w") as out:
            json.dump(summary, out, indent=1, ensure_ascii=False)
            out.write("\n")
        with open(os.path.join(folder, "README.md"), "w") as out:
            out.write(self.readme(summary, scenario))

    def readme(self, summary, scenario):
        made = summary["made"]
        lines = [f"# {summary['title']}", "", scenario.happened, "",
                 f"Made by `{made['command']}` on {made['date'][:10]} (Linux {made['kernel']}, " +
                 ", ".join(f"{tool} {number}" for tool, number in made["tools"].items()) + f"), taken at "
                 f"{self.parts['before']['data']['vantage']} both times, with the same servers running on.", "",
                 f"Changed in between: {self.changed}.", "",
                 f"Right answer: **{self.answer}**. {self.why}", "",
                 f"In Wireshark: {' '.join(scenario.look.split())}", "",
                 f"| | finding | flows with it | {self.exposure} |", "| --- | --- | ---: | ---: |"]
        for side in SIDES:
            part = summary[side]
            lines.append(f"| {side} | {words(part['finding'])} | {part['count']} | {part['opportunities']} |")
        for side in SIDES:
            lines += ["", f"## {side}.pcap, the first connections", "", *publish.TABLE]
            part = self.parts[side]
            for entry in part["data"]["connections"][:10]:
                flow = check.find(part["flows"], type("Key", (), {**entry})())
                lines.append(publish.row(entry, flow))
            rest = len(part["data"]["connections"]) - 10
            lines += ["", f"… and {rest} more in {side}.expected.json."] if rest > 0 else []
        return "\n".join(lines) + "\n"


def words(finding):
    if finding is None:
        return "–"
    timer = finding.get("timer")
    variant = f" ({finding['variant']})" if finding.get("variant") else ""
    return finding["class"] + variant + (f", {timer['setting']} {timer['seconds']:g} s" if timer else "")


def matches(connection, finding):
    if connection.cls[0] != finding["class"] or connection.leg != finding["leg"]:
        return False
    timer = finding.get("timer")
    return connection.severity != "ok" and connection.severity != "latent" and \
        (timer is None or connection.timer == (timer["setting"], timer["seconds"]))


def finding(cls, leg, phase=None, variant=None, timer=None):
    return {"class": cls, "variant": variant, "phase": phase, "leg": leg,
            "timer": {"setting": timer[0], "seconds": timer[1]} if timer else None}


@contextlib.contextmanager
def taken(world, side, host="nginx", settle=0.5):
    """Captures while the block drives its clients. Labels that are added later, inside `labelled`, belong to it."""
    capture = world.capture(host, view=side, bulk=True)
    yield capture
    time.sleep(settle)
    world.say_end(capture.host)
    capture.stop()


@contextlib.contextmanager
def labelled(world, side):
    """What is added to the truth inside the block is to be seen in that side's capture and not in the other."""
    known = len(world.truth.connections)
    yield
    for connection in world.truth.connections[known:]:
        connection.views[SIDES[1 - SIDES.index(side)]] = None

