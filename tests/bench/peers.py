#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Vardnav authors
# SPDX-License-Identifier: Apache-2.0
"""`./dev bench --peers`: Vardnav beside what a user would pick instead, in one run.

Node-RED with a flow that takes the same messages over the same broker with TLS, holds them against a
threshold, inserts them into SQLite and answers each over MQTT when it is stored; the same load
program sends and waits for the answers of both. At an even rate some readings are low: the alert is
there when a hub has the receipt for it, and at Node-RED when that reading is answered. And
mosquitto's bridge as store and forward, as a home's hub would use it: a broker in the home that
keeps what comes while the other is away.

Each is killed (SIGKILL) amid a stream. Lost is what never comes although the sender was told that it
may forget it: by the broker's acknowledgement for an ordinary client, by the receipt for a hub of
Vardnav, which sends again until then. Prints one JSON object; exit 1 where a promise does not
hold."""
import argparse
import contextlib
import json
import os
import pathlib
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests/support"), str(ROOT / "tests/bench")]

from ingest import Bench, figures  # noqa: E402
from run import rss_mib, spread  # noqa: E402
from stack import Process, Stack, free_port, wait_until  # noqa: E402

PEERS = ROOT / "tests/bench/peers"
TIMES_FASTER = 4
SHARE_OF_MEMORY = 0.2
EVEN_RATE = 1_000  # readings a second
LOW_EVERY = 20     # readings of a hub: seriously low, an alert
RESEND = 2         # seconds after which a hub sends again
BRIDGE_PATIENCE = 15  # seconds without a message
SETTLED = 2        # seconds in which nothing more comes: it never will
# Mosquitto writes its store every half hour unless told otherwise; and as carefully as it can.
BRIDGES = {"bridge": "", "careful_bridge": "autosave_interval 1\nautosave_on_changes true\n"}


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


class Bridge:
    """A broker in a home that forwards to the stack's. It has one hub's certificate."""

    def __init__(self, folder, stack, name):
        self.store = folder / name
        self.store.mkdir()
        self.port = free_port()
        pki = stack.certificates
        (self.store / "mosquitto.conf").write_text(
            f"listener {self.port} 127.0.0.1\ncafile {pki}/ca.crt\ncertfile {pki}/broker.crt\n"
            f"keyfile {pki}/broker.key\nrequire_certificate true\nallow_anonymous true\n"
            "set_tcp_nodelay true\nmax_queued_messages 0\nmax_inflight_messages 20\n"
            f"persistence true\npersistence_location {self.store}/\n{BRIDGES[name]}"
            f"connection home\naddress 127.0.0.1:{stack.mqtt_port}\ncleansession false\n"
            "topic vardnav/1/+/up/reading out 1\nrestart_timeout 1\nnotifications false\n"
            f"bridge_cafile {pki}/ca.crt\nbridge_certfile {pki}/hub-bench-0.crt\n"
            f"bridge_keyfile {pki}/hub-bench-0.key\n"
            + ("user root\n" if os.getuid() == 0 else ""))
        self.process = Process(name, ["/usr/sbin/mosquitto", "-c", self.store / "mosquitto.conf"],
                               folder)

    def start(self):
        self.process.start()
        wait_until(lambda: Stack.accepts(self.port), 20, "the broker in the home to serve")


class Peers:
    def __init__(self, folder, build, hubs):
        self.folder = folder
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

    def node_red(self, readings, items, rate=0, *words):
        def work():
            result = self.bench.publish("--readings", readings, "--items", items, "--rate", rate,
                                        *words)
            rss, peak = rss_mib(self.red.process.popen.pid)
            return {**figures(result), "rss_mib": rss, "rss_peak_mib": peak}
        return self.with_node_red(work)

    def lost(self, readings, rows, process, start, *words):
        """Killed amid a stream, and started again; of what the senders no longer have."""
        load = subprocess.Popen(
            self.bench.load("publish", "--hubs", self.bench.hubs, "--readings", readings,
                            "--items", 1, "--rate", 2 * EVEN_RATE, *words),
            stdout=subprocess.DEVNULL)
        wait_until(lambda: rows() >= readings // 4, 120, "a quarter to be stored")
        process().kill()
        start()
        load.wait(120)
        return readings - settled(rows)

    def lost_by_node_red(self, readings):
        return self.with_node_red(lambda: self.lost(
            readings, self.red.rows, lambda: self.red.process, self.red.start, "--no-receipts"))

    def lost_by_care(self, readings):
        self.bench.reset()
        stack = self.bench.stack
        self.bench.start_care()
        lost = self.lost(readings, self.bench.stored, lambda: stack.processes["care"],
                         lambda: stack.start("care"), "--resend", RESEND)
        for name in ("care", "broker"):
            stack.processes[name].stop()
        return lost

    def bridge(self, name, readings, is_killed):
        """One hub's readings while the backend's broker is away; then it is there."""
        stack = self.bench.stack
        bridge = Bridge(pathlib.Path(tempfile.mkdtemp(dir=self.folder)), stack, name)
        try:
            bridge.start()
            sent = self.bench.publish("--readings", readings, "--items", 1, "--no-receipts", hubs=1,
                                      port=bridge.port)
            if is_killed:
                bridge.process.kill()
            else:
                bridge.process.popen.send_signal(signal.SIGSTOP)  # until somebody listens
            stack.start("broker")
            counter = subprocess.Popen(self.bench.load("count", "--readings", readings, "--items", 1,
                                                       "--patience", BRIDGE_PATIENCE),
                                       text=True, stdout=subprocess.PIPE)
            assert counter.stdout.readline() == "ready\n"
            if is_killed:
                bridge.start()
            else:
                bridge.process.popen.send_signal(signal.SIGCONT)
            came = json.loads(counter.stdout.readline())
            counter.wait(60)
            result = {"taken_per_second": readings / sent["seconds"],
                      "lost": readings - came["readings"]}
            if came["readings"] == readings:
                result["forwarded_per_second"] = readings / came["seconds"]
            return result
        finally:
            bridge.process.stop()
            stack.processes["broker"].stop()


def settled(rows):
    """How many there are when no more come."""
    before = -1
    while before != rows():
        before = rows()
        time.sleep(SETTLED)
    return before


def measure(peers, readings):
    one = {}
    for items in (1, 50):
        one[f"care_{items}"] = peers.bench.care(readings, items)
        one[f"node_red_{items}"] = peers.node_red(readings, items)
    lows = ("--low-every", LOW_EVERY)
    one["care_even"] = peers.bench.care(readings // 2, 1, EVEN_RATE, *lows)
    one["node_red_even"] = peers.node_red(readings // 2, 1, EVEN_RATE, *lows, "--no-alerts")
    one["bridge"] = peers.bridge("bridge", readings // 2, False)
    # It writes all that waits anew for each message: fewer.
    one["careful_bridge"] = peers.bridge("careful_bridge", readings // 10, False)
    one["lost"] = {"care": peers.lost_by_care(readings // 2),
                   "node_red": peers.lost_by_node_red(readings // 2),
                   "bridge": peers.bridge("bridge", readings // 2, True)["lost"],
                   "careful_bridge": peers.bridge("careful_bridge", readings // 10, True)["lost"]}
    one["times_faster"] = {
        items: one[f"care_{items}"]["per_second"] / one[f"node_red_{items}"]["per_second"]
        for items in (1, 50)}
    best = {name: max(one[f"{name}_{items}"]["per_second"] for items in (1, 50))
            for name in ("care", "node_red")}
    one["times_faster"]["best_to_best"] = best["care"] / best["node_red"]
    one["share_of_memory"] = one["care_50"]["rss_mib"] / one["node_red_50"]["rss_mib"]
    one["load"] = os.getloadavg()[0]
    return one


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
    faster = spread([one["times_faster"]["best_to_best"] for one in runs])
    memory = spread([one["share_of_memory"] for one in runs])
    late = {name: spread([one[f"{name}_even"]["alert_p99_ms"] for one in runs])
            for name in ("care", "node_red")}
    lost = {name: spread([one["lost"][name] for one in runs]) for name in runs[0]["lost"]}
    told = {"times_faster": {**faster, "least": TIMES_FASTER},
            "share_of_memory": {**memory, "most": SHARE_OF_MEMORY},
            "alert_p99_ms_at_1000_a_second": late, "lost_on_kill": lost, "runs": runs}
    print(json.dumps(told, indent=1))
    holds = (faster["median"] >= TIMES_FASTER and memory["median"] <= SHARE_OF_MEMORY and
             late["care"]["median"] < late["node_red"]["median"] and lost["care"]["max"] == 0)
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main())
