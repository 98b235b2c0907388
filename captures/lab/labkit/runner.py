"""Runs scenarios, several at a time, each in a process of its own, and reports what came out as intended."""
import argparse
import contextlib
import json
import os
import subprocess
import sys
import time
import traceback

from . import judge, netns, pair, publish, registry, summary, wire
from .world import World

LAB = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
CAPTURES = os.path.dirname(LAB)


def run_one(name, out, commit, everywhere):
    """One scenario in this process. Leaves report.json beside what it made; 0 when every view is usable."""
    scenario = registry.load()[name]
    scratch = os.path.join(out, name)
    subprocess.run(["rm", "-rf", scratch], check=True)
    os.nice(-10)        # races are timed to milliseconds
    world = World(name, scratch, 1)
    # A pair says what two captures of its own show; one that goes on over the change would show something else.
    world.everywhere = everywhere and not name.startswith("verify-")
    world.seconds = scenario.seconds
    report = {"scenario": name, "views": [], "error": None, "unavailable": None, "began": time.time()}
    try:
        scenario.run(world)
        world.stop_captures()
    except registry.Unavailable as reason:
        report["unavailable"] = str(reason)
    except Exception:
        report["error"] = traceback.format_exc()
    finally:
        world.close()
    if not report["error"] and not report["unavailable"]:
        report["took"] = time.time() - report["began"]
        # From here on nothing is timed: the scenarios that still run come first.
        os.setpriority(os.PRIO_PROCESS, 0, 0)
        with open(os.path.join(scratch, "driven"), "w"):
            pass
        for capture in sorted(world.captures, key=lambda capture: capture.whole is not None):
            report["views"].append(publish_view(world, scenario, capture, out, commit))
        if world.pair:
            report["error"] = publish_pair(world, scenario, good(report), out, commit)
    with open(os.path.join(scratch, "report.json"), "w") as file:
        json.dump(report, file, indent=1)
    return 0 if good(report) else 1


def good(report):
    """Every capture the scenario wants has labels; a point that nothing labelled passes is no failure."""
    if report["unavailable"]:
        return True
    return not report["error"] and report["views"] and all(view["kept"] or view["point"] for view in report["views"])


def publish_view(world, scenario, capture, out, commit):
    name = scenario.name if capture.view is None else f"{scenario.name}-{capture.view}"
    kept, problems, instances, dropped, path, unlabelled = judge.settle(world, capture)
    if kept and world.pair and capture.view in pair.SIDES:
        data = publish.expected(world, scenario, capture, name, kept, dropped, unlabelled)
        world.pair.add(capture.view, kept, path, data, capture.flows or wire.read(path, world.http_ports))
    elif kept:
        data = publish.expected(world, scenario, capture, name, kept, dropped, unlabelled)
        folders = [os.path.join(out, "captures", name)]
        if commit and scenario.commit and not capture.point:
            folders.append(os.path.join(CAPTURES, name))
        flows = None if capture.point else capture.flows or wire.read(path, world.http_ports)
        for folder in folders:
            publish.write(folder, path, data, scenario, world.notes, flows)
    return {"name": name, "kept": len(kept), "point": capture.point, "instances": instances, "dropped": dropped,
            "unlabelled": unlabelled, "problems": problems, "bytes": os.path.getsize(path)}


def publish_pair(world, scenario, usable, out, commit):
    """captures/verify/NAME. None, or why the two captures are no pair."""
    try:
        for root in [os.path.join(out, "captures")] + [CAPTURES] * bool(commit and usable):
            world.pair.write(os.path.join(root, "verify", scenario.name.removeprefix("verify-")), scenario)
    except (AssertionError, KeyError):
        return traceback.format_exc()
    return None


def run_many(names, out, commit, jobs, everywhere):
    """Longest first, so that the last one to finish did not start last."""
    waiting = sorted(names, key=lambda name: -registry.SCENARIOS[name].seconds)
    running, reports, again = {}, [], set()
    while waiting or running:
        # Those that are only being labelled take a processor, but no place; there is an end to that, too.
        driving = sum(not os.path.exists(os.path.join(out, name, "driven")) for name in running)
        while waiting and driving < jobs and len(running) < 2 * jobs:
            driving += 1
            name = waiting.pop(0)
            argv = [os.path.join(LAB, "run"), "--one", name, "--out", out] + \
                   ["--commit"] * commit + ["--everywhere" if everywhere else "--no-everywhere"]
            with contextlib.suppress(FileNotFoundError):
                os.unlink(os.path.join(out, name, "driven"))
            running[name] = subprocess.Popen(argv)
            time.sleep(0.3)
        for name, process in list(running.items()):
            if process.poll() is not None:
                del running[name]
                report = tell(name, out)
                if poor(report) and name not in again:
                    print(f"{name}: once more")
                    again.add(name)
                    waiting.append(name)
                else:
                    reports.append({**report, "again": name in again})
        time.sleep(0.2)
    return reports


def poor(report):
    """Failed, or more than a third of the instances did not come out: races are at the mercy of a busy machine."""
    return report["error"] or any(3 * view["dropped"] > view["instances"] for view in report["views"]
                                  if not view["point"])


def tell(name, out):
    try:
        with open(os.path.join(out, name, "report.json")) as file:
            report = json.load(file)
    except FileNotFoundError:
        report = {"scenario": name, "views": [], "error": "it left no report", "unavailable": None}
    if report["error"]:
        print(f"{name}: FAILED\n{report['error']}")
    if report["unavailable"]:
        print(f"{name}: not made: {report['unavailable']}")
    for view in report["views"]:
        print(f"{view['name']}: {view['kept']} connections labelled, "
              f"{view['instances'] - view['dropped']} of {view['instances']} instances as intended, "
              f"{view['unlabelled']} unlabelled, {view['bytes']} bytes")
        for problem in view["problems"]:
            print(f"    {problem}")
    sys.stdout.flush()
    return report


def main():
    arguments = argparse.ArgumentParser(prog="captures/lab/run", description=__doc__)
    arguments.add_argument("scenarios", nargs="*", help="names or beginnings of names; all when none is given")
    arguments.add_argument("--list", action="store_true")
    arguments.add_argument("--out", default="/tmp/lab-out")
    arguments.add_argument("--commit", action="store_true", help="also write captures/<scenario>/")
    arguments.add_argument("--jobs", type=int, default=8)
    arguments.add_argument("--everywhere", action=argparse.BooleanOptionalAction, default=None,
                           help="take each run at every host and interface and in every form as well (into --out only); "
                                "so it is unless --commit is given")
    arguments.add_argument("--one", help=argparse.SUPPRESS)
    options = arguments.parse_args()
    os.makedirs(options.out, exist_ok=True)
    if options.everywhere is None:
        options.everywhere = not options.commit
    if options.one:
        return run_one(options.one, options.out, options.commit, options.everywhere)
    known = registry.load()
    if options.list:
        for name, scenario in known.items():
            print(f"{name:32} {scenario.seconds:4} s  {scenario.title}")
        return 0
    names = [n for n in known if not options.scenarios or n in options.scenarios
             or any(w.endswith("*") and n.startswith(w[:-1]) for w in options.scenarios)]
    if not names:
        print("no such scenario; --list shows them", file=sys.stderr)
        return 2
    reports = run_many(names, options.out, options.commit, options.jobs, options.everywhere)
    fine = [r for r in reports if good(r)]
    print(summary.write(os.path.join(options.out, "RUN.md"), reports, fine))
    if options.commit:
        print("captures/ was written anew: now `npm run tshark-truth`, `npm run readme` and `captures/lab/catalogue`")
    for leftover in netns.existing():
        if not os.path.exists(f"/proc/{leftover.split('-')[1]}"):
            netns.delete(leftover)
    return 0 if len(fine) == len(reports) else 1
