"""The report of a run: how many instances of each scenario came out as intended, as a table (RUN.md) and in one line."""
import os
import platform
import time

from . import publish


def own(report):
    """The scenario's own captures: what it was made for."""
    return [view for view in report["views"] if not view["point"]]


def instances(views):
    """Of the capture that shows most of them: the same instance is in several captures."""
    shown = max(views, key=lambda view: view["instances"], default=None)
    return (shown["instances"] - shown["dropped"], shown["instances"]) if shown else (0, 0)


def debian():
    with open("/etc/debian_version") as file:
        return file.read().strip()


def row(report, again):
    if report["unavailable"] or report["error"]:
        why = report["unavailable"] or report["error"].strip().splitlines()[-1]
        return f"| {report['scenario']} | {'not made' if report['unavailable'] else 'failed'}: {why} | – | – | – | – |"
    intended, made = pair_instances(report)
    others = [view for view in report["views"] if view["point"] and view["kept"]]
    labelled = sum(view["kept"] for view in report["views"])
    came = "yes" if not again else "yes, at the second try"
    return (f"| {report['scenario']} | {came} | {intended} of {made} | {len(own(report))} | {len(others)} | {labelled} |")


def pair_instances(report):
    """A pair is two captures of different instances; every other scenario shows its instances in one."""
    views = own(report)
    if report["scenario"].startswith("verify-"):
        both = [instances([view]) for view in views]
        return sum(one for one, _ in both), sum(one for _, one in both)
    return instances(views)


def write(path, reports, fine):
    """RUN.md; returns the last line of the run."""
    counted = [pair_instances(report) for report in reports if report["views"]]
    captures = [view for report in fine for view in report["views"] if view["kept"]]
    missing = [report for report in fine if report["unavailable"]]
    line = (f"{len(fine) - len(missing)} of {len(reports)} scenarios came out" +
            (f" ({len(missing)} cannot be made here)" if missing else "") +
            f", {sum(one for one, _ in counted)} of {sum(all_ for _, all_ in counted)} instances as intended; "
            f"{len(captures)} labelled captures, {sum(view['kept'] for view in captures)} labels")
    versions = ", ".join(f"{tool} {publish.version(tool)}" for tool in publish.VERSIONS)
    lines = ["# A run of the lab", "",
             f"{time.strftime('%Y-%m-%d', time.gmtime())}, Debian {debian()}, Linux {platform.release()}, "
             f"{os.cpu_count()} processors; {versions}.", "", line + ".", "",
             "An instance is what stands or falls together, a request with all its connections. It counts as intended when tshark "
             "finds on the wire what the driver meant, in the scenario's own capture; one that did not come out is taken out of "
             "every capture. Other captures are the same run at every host and interface, cut to 96 bytes, in nanoseconds, as "
             "pcapng with several interfaces, begun late, ended early, and on the container machine.", "",
             "| scenario | came out | instances as intended | own captures | other captures | labels |",
             "| --- | --- | ---: | ---: | ---: | ---: |"]
    lines += [row(report, report.get("again")) for report in sorted(reports, key=lambda report: report["scenario"])]
    with open(path, "w") as out:
        out.write("\n".join(lines) + "\n")
    return line
