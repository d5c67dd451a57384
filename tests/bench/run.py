#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Vardnav authors
# SPDX-License-Identifier: Apache-2.0
"""`./dev bench`: each benchmark writes one JSON file. A figure is a median with its spread over the
runs, beside the limit or the floor it is held against; the exit status says whether limits hold."""
import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/support"))

from api import Api, Events  # noqa: E402
from reckoning import Reckoning  # noqa: E402
from stack import PASSWORD, Stack, wait_until  # noqa: E402

RSS_LIMIT_MIB = 25
IDLE_LIMIT_PERCENT = 1
IDLE_SECONDS = 20


def rss_mib(pid):
    """Resident memory, and the most it ever was, in MiB (VmRSS, VmHWM)."""
    fields = dict(line.split(":", 1) for line in
                  pathlib.Path(f"/proc/{pid}/status").read_text().splitlines() if ":" in line)
    return tuple(int(fields[name].split()[0]) / 1024 for name in ("VmRSS", "VmHWM"))


def cpu_seconds(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def spread(values):
    ordered = sorted(values)
    return {"min": ordered[0], "median": ordered[len(ordered) // 2], "max": ordered[-1]}


def one_demo(build):
    """The demo's whole scenario, then a quiet home."""
    with tempfile.TemporaryDirectory(prefix="vardnav-bench-") as folder:
        stack = Stack(folder, build, ROOT / "ble/virtual/scenarios/demo.json")
        try:
            stack.prepare()
            for name in ("dbus", "broker", "care"):
                stack.start(name)
            api = Api(stack.http_port)
            api.login("operator", PASSWORD)
            reckoning = Reckoning(stack, api, lambda line: None)
            events = Events(api, reckoning.on_event)
            events.start()
            stack.start("hub")
            stack.start("home")
            time.sleep(60)
            wait_until(reckoning.is_complete, 60, "the readings to be stored")
            pid = stack.processes["hub"].popen.pid
            before = cpu_seconds(pid)
            time.sleep(IDLE_SECONDS)
            idle = (cpu_seconds(pid) - before) / IDLE_SECONDS * 100
            result = reckoning.result()
            events.stop()
            _, peak = rss_mib(pid)
            return {"rss_peak_mib": round(peak, 2), "idle_percent_of_a_core": round(idle, 3),
                    "demo": result}
        finally:
            stack.stop()


def footprint(build, runs):
    demos = [one_demo(build) for _ in range(runs)]
    rss = spread([d["rss_peak_mib"] for d in demos])
    idle = spread([d["idle_percent_of_a_core"] for d in demos])
    return {
        "command": "./dev bench",
        "runs": runs,
        "hub_rss_peak_mib": {**rss, "limit": RSS_LIMIT_MIB,
                             "share_of_limit": round(rss["max"] / RSS_LIMIT_MIB, 3)},
        "hub_idle_percent_of_a_core": {**idle, "limit": IDLE_LIMIT_PERCENT,
                                       "share_of_limit": round(idle["max"] / IDLE_LIMIT_PERCENT, 3)},
        "alert_latency_ms": {"p50": spread([d["demo"]["p50_ms"] for d in demos]),
                             "p99": spread([d["demo"]["p99_ms"] for d in demos])},
        "demos": [d["demo"] for d in demos],
    }


def micro(build, out):
    """Google Benchmark programs, if any were built: each writes its own file. What misses its limit:
    a median above the counter limit_ns, or an error such as an allocation."""
    missed = []
    for program in sorted((build / "bin").glob("*_bench")):
        path = out / f"{program.name}.json"
        subprocess.run([program, "--benchmark_repetitions=3", f"--benchmark_out={path}",
                        "--benchmark_out_format=json"], check=True, stdout=sys.stderr)
        for result in json.loads(path.read_text())["benchmarks"]:
            is_median = result.get("aggregate_name") == "median"
            if result.get("error_occurred") or (
                    is_median and "limit_ns" in result and
                    result["cpu_time"] >= result["limit_ns"]):
                missed.append(f"{result['name']}: "
                              f"{result.get('error_message') or result['cpu_time']}")
    return missed


def hub_intake(build, out, runs):
    """On the disk where the build is, not in memory: a commit is what it costs there."""
    with tempfile.TemporaryDirectory(prefix="hub-intake-", dir=build) as folder:
        done = subprocess.run([build / "bin/hub_intake", folder, "2000", str(runs)],
                              stdout=subprocess.PIPE, text=True)
    (out / "hub_intake.json").write_text(done.stdout)
    print(done.stdout)
    return [] if done.returncode == 0 else [f"hub_intake: see {out}/hub_intake.json"]


def main():
    parser = argparse.ArgumentParser(prog="./dev bench")
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build/dev")
    parser.add_argument("--out", type=pathlib.Path, default=ROOT / "build/bench")
    parser.add_argument("--runs", type=int, default=3)
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    missed = micro(arguments.build, arguments.out)
    missed += hub_intake(arguments.build, arguments.out, arguments.runs)
    figures = footprint(arguments.build, arguments.runs)
    (arguments.out / "hub_footprint.json").write_text(json.dumps(figures, indent=1) + "\n")
    for name, words in (("sixteen_devices", ["--runs", arguments.runs]),
                        ("backlog", ["--runs", arguments.runs]),
                        ("ingest", ["--runs", arguments.runs])):
        done = subprocess.run([sys.executable, ROOT / f"tests/bench/{name}.py", "--build",
                               arguments.build, *map(str, words)], stdout=subprocess.PIPE, text=True)
        (arguments.out / f"{name}.json").write_text(done.stdout)
        print(done.stdout)
        if done.returncode != 0:
            missed.append(f"{name}.py: see {arguments.out}/{name}.json")
    print(json.dumps({k: v for k, v in figures.items() if k != "demos"}, indent=1))
    for name in missed:
        print(f"misses its limit: {name}", file=sys.stderr)
    holds = (not missed and figures["hub_rss_peak_mib"]["max"] < RSS_LIMIT_MIB and
             figures["hub_idle_percent_of_a_core"]["max"] < IDLE_LIMIT_PERCENT)
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main())
