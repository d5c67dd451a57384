#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Vardnav authors
# SPDX-License-Identifier: Apache-2.0
"""`./dev bench --peers`: vardnav-care beside what a user would pick instead, in one run: Node-RED
with a flow that takes the same messages over the same broker with TLS, holds them against a
threshold, inserts them into SQLite and answers each over MQTT when it is stored. The same load
program sends and waits for the answers of both. Prints one JSON object; exit 1 where a promise does
not hold."""
import argparse
import contextlib
import json
import pathlib
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests/support"), str(ROOT / "tests/bench")]

from ingest import Bench  # noqa: E402
from run import rss_mib, spread  # noqa: E402
from stack import Process, wait_until  # noqa: E402

PEERS = ROOT / "tests/bench/peers"
TIMES_FASTER = 4
SHARE_OF_MEMORY = 0.2
EVEN_RATE = 1_000  # readings a second


class NodeRed:
    def __init__(self, folder, stack):
        self.user = folder / "node-red"
        self.user.mkdir()
        shutil.copy(PEERS / "settings.js", self.user)
        (self.user / "node_modules").symlink_to(PEERS / "node_modules")
        self.database = self.user / "readings.db"
        flows = (PEERS / "flows.json").read_text()
        for name, value in (("PKI", stack.certificates), ("MQTT_PORT", stack.mqtt_port),
                            ("DATABASE", self.database)):
            flows = flows.replace(f"${{{name}}}", str(value))
        (self.user / "flows.json").write_text(flows)
        self.process = Process(
            "node-red", ["node", PEERS / "node_modules/node-red/red.js", "-u", self.user,
                         "-s", self.user / "settings.js"], folder)

    def start(self):
        with contextlib.closing(sqlite3.connect(self.database)) as database:
            database.executescript(
                "PRAGMA journal_mode=WAL; CREATE TABLE IF NOT EXISTS reading("
                "key TEXT PRIMARY KEY, person TEXT, at TEXT, value REAL, is_low INTEGER);")
        self.process.start()

    def clear(self):
        for suffix in ("", "-wal", "-shm"):
            self.database.with_name(self.database.name + suffix).unlink(missing_ok=True)

    def rows(self):
        with contextlib.closing(sqlite3.connect(self.database)) as database:
            return database.execute("SELECT count(*) FROM reading").fetchone()[0]


class Peers:
    def __init__(self, folder, build, hubs):
        self.bench = Bench(folder, build, hubs)
        self.red = NodeRed(folder, self.bench.stack)
        self.broker_log = self.bench.stack.folder / "broker.log"

    def with_node_red(self, work):
        stack = self.bench.stack
        self.red.clear()
        stack.start("broker")
        told = len(self.broker_log.read_text(errors="replace"))
        self.red.start()
        wait_until(lambda: "as vardnav-care" in self.broker_log.read_text(errors="replace")[told:],
                   60, "Node-RED to connect")
        time.sleep(1)  # its subscription follows
        try:
            return work()
        finally:
            self.red.process.stop()
            stack.processes["broker"].stop()

    def node_red(self, readings, items, rate=0):
        def work():
            result = self.bench.publish("--readings", readings, "--items", items, "--rate", rate)
            rss, peak = rss_mib(self.red.process.popen.pid)
            return {"per_second": readings / result["seconds"], "p50_ms": result["p50_ms"],
                    "p99_ms": result["p99_ms"], "rss_mib": rss, "rss_peak_mib": peak}
        return self.with_node_red(work)

    def lost_by_node_red(self, readings):
        """Killed amid a stream that the broker has acknowledged, and started again."""
        def work():
            load = subprocess.Popen(
                self.bench.load("publish", "--hubs", self.bench.hubs, "--readings", readings,
                                "--items", 1, "--rate", 2 * EVEN_RATE, "--no-receipts"),
                stdout=subprocess.DEVNULL)
            wait_until(lambda: self.red.rows() >= readings // 4, 120, "a quarter to be stored")
            self.red.process.kill()
            self.red.start()
            load.wait(120)
            rows = -1
            while rows != self.red.rows():  # until nothing more comes
                rows = self.red.rows()
                time.sleep(2)
            return readings - rows
        return self.with_node_red(work)


def measure(peers, readings):
    run = {}
    for items in (1, 50):
        run[f"care_{items}"] = peers.bench.care(readings, items)
        run[f"node_red_{items}"] = peers.node_red(readings, items)
    run["care_even"] = peers.bench.care(readings // 2, 1, EVEN_RATE)
    run["node_red_even"] = peers.node_red(readings // 2, 1, EVEN_RATE)
    run["node_red_lost"] = peers.lost_by_node_red(readings // 2)
    run["times_faster"] = {
        items: run[f"care_{items}"]["per_second"] / run[f"node_red_{items}"]["per_second"]
        for items in (1, 50)}
    best = {name: max(run[f"{name}_{items}"]["per_second"] for items in (1, 50))
            for name in ("care", "node_red")}
    run["times_faster"]["best_to_best"] = best["care"] / best["node_red"]
    run["share_of_memory"] = run["care_50"]["rss_mib"] / run["node_red_50"]["rss_mib"]
    return run


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", default=ROOT / "build/dev")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--hubs", type=int, default=20)
    parser.add_argument("--readings", type=int, default=20_000)
    arguments = parser.parse_args()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="vardnav-peers-"))
    try:
        peers = Peers(folder, arguments.build, arguments.hubs)
        runs = []
        for _ in range(arguments.runs):
            runs.append(measure(peers, arguments.readings))
            print(json.dumps(runs[-1]), file=sys.stderr, flush=True)
    finally:
        if "peers" in locals():
            peers.red.process.stop()
            peers.bench.stack.stop()
        shutil.rmtree(folder, ignore_errors=True)
    faster = spread([run["times_faster"]["best_to_best"] for run in runs])
    memory = spread([run["share_of_memory"] for run in runs])
    late = {name: spread([run[f"{name}_even"]["p99_ms"] for run in runs])
            for name in ("care", "node_red")}
    figures = {"times_faster": {**faster, "least": TIMES_FASTER},
               "share_of_memory": {**memory, "most": SHARE_OF_MEMORY},
               "p99_ms_at_1000_a_second": late, "runs": runs}
    print(json.dumps(figures, indent=1))
    holds = (faster["median"] >= TIMES_FASTER and memory["median"] <= SHARE_OF_MEMORY and
             late["care"]["median"] < late["node_red"]["median"])
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main())
