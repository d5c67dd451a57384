#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Vardnav authors
# SPDX-License-Identifier: Apache-2.0
"""The real programs under everything that can be done to them: vardnav-hub is killed with SIGKILL
before every write, truncation and sync of its journal in turn (crash_point.cpp), every other time
with what it had not synced taken back as a power cut would; meanwhile backend and broker are
killed, and the network between is cut. At the end everything is mended, what waits is drained,
and one page tells what was accepted, lost, stored twice, and which alerts are missing.

  ./dev chaos [--points 3000] [--seed N]"""
import argparse
import contextlib
import json
import os
import pathlib
import random
import shutil
import signal
import sqlite3
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests/support"), str(ROOT / "tests/chaos")]

import power_cut  # noqa: E402
from stack import Process, Stack, StackError, wait_until  # noqa: E402

LAST_POINT = 80        # changes of the journal from a start on; every one in turn, in steps of 7
PATIENCE = 12          # seconds that a hub may take to reach its point
METER = "C0:FF:EE:00:00:01"
SCALE = "C0:FF:EE:00:00:02"
SERIOUSLY_LOW = 54     # mg/dL, strictly below: P1


def scenario(rng, seconds):
    """A meter with five results a second and a scale that is stepped on every other second."""
    glucose = [{"glucose_mg_dl": str(rng.choice([41, 52, 66, 80, 95, 120, 160, 210, 260])),
                "at": round(i * 0.2, 1), "minutes_ago": 60} for i in range(seconds * 5)]
    weights = [{"weight_kg": f"{rng.randint(13800, 14200) * 5 / 1000:.3f}", "at": i * 2,
                "minutes_ago": 30} for i in range(seconds // 2)]
    common = {"pairing": "just-works", "idle": 2, "mtu": 185,
              "wake": {"first": 0, "every": 1, "advertise": 1}}
    return {"version": 1, "title": "Chaos", "about": "Invented values.", "devices": [
        {"address": METER, "name": "Meter", "model": "glucose-meter",
         "clock": "2026-11-24T10:00:00", **common, "records": glucose},
        {"address": SCALE, "name": "Scale", "model": "weight-scale",
         "clock": "2026-11-24T10:00:00", **common, "records": weights}]}


class Chaos:
    def __init__(self, folder, build, rng, points):
        self.rng, self.points = rng, points
        self.folder = pathlib.Path(folder)
        self.shim = pathlib.Path(build).resolve() / "bin/libcrash_point.so"
        plan = self.folder / "chaos.json"
        plan.write_text(json.dumps(scenario(rng, max(600, points * 2))))
        self.stack = Stack(self.folder / "stack", build, plan)
        self.notes = self.folder / "notes"
        self.counts = dict.fromkeys(("crash points", "power cuts", "writes taken back",
                                     "hub killed at leisure", "backend killed", "broker killed",
                                     "network cut"), 0)
        self.reached = set()

    # --- faults --------------------------------------------------------------------------------
    def hub_until(self, at):
        """One life of the hub, to its `at`-th change of the journal."""
        hub = self.stack.process("hub")
        hub.env = {**(hub.env or {}), "LD_PRELOAD": str(self.shim),
                   "VARDNAV_CRASH_FOLDER": f"{self.stack.folder}/hub/journal.db",
                   "VARDNAV_CRASH_AT": str(at), "VARDNAV_CRASH_NOTES": str(self.notes)}
        self.stack.processes["hub"] = hub.start()
        deadline = time.monotonic() + PATIENCE
        while hub.is_running() and time.monotonic() < deadline:
            time.sleep(0.01)
        if hub.is_running():
            hub.kill()
            self.counts["hub killed at leisure"] += 1
            return
        if hub.popen.returncode != -signal.SIGKILL:
            raise StackError(f"the hub ended by itself: {hub.last_line()}")
        self.counts["crash points"] += 1
        self.reached.add(at)

    def maybe_cut_power(self):
        if self.rng.random() < 0.5:
            self.counts["power cuts"] += 1
            self.counts["writes taken back"] += power_cut.take_back(
                self.notes, self.stack.folder / "hub", self.rng)

    def maybe_kill_another(self):
        roll = self.rng.random()
        if roll < 0.02:
            self.stack.kill("care")
            self.stack.start("care")
            self.counts["backend killed"] += 1
        elif roll < 0.04:
            self.stack.kill("broker")
            self.stack.start("broker")
            self.counts["broker killed"] += 1
        elif roll < 0.06:
            # A broker that takes and never answers is the worst of networks.
            self.stack.processes["broker"].popen.send_signal(signal.SIGSTOP)
            self.counts["network cut"] += 1
        else:
            self.stack.processes["broker"].popen.send_signal(signal.SIGCONT)

    def torment(self, say):
        for number in range(self.points):
            self.maybe_kill_another()
            self.hub_until(number * 7 % LAST_POINT + 1)
            self.maybe_cut_power()
            if (number + 1) % 100 == 0:
                say(f"{number + 1} of {self.points} lives of the hub: {self.counts}")

    # --- the end -------------------------------------------------------------------------------
    def mend(self):
        self.stack.processes["broker"].popen.send_signal(signal.SIGCONT)
        for name in ("home", "broker", "care"):
            self.stack.processes[name].stop()
        for name in ("broker", "care", "hub"):
            self.stack.start(name)
        wait_until(self.stack.outbox_is_empty, 180, "the hub to have all its receipts")

    def care(self, query):
        address = f"file:{self.stack.folder}/care/care.db?mode=ro"
        with contextlib.closing(sqlite3.connect(address, uri=True)) as database:
            return database.execute(query).fetchall()

    def judge(self):
        accepted = self.stack.accepted_readings()
        stored = [key for (key,) in self.care("SELECT lower(hex(key)) FROM reading_key")]
        numbers = sorted(n for (n,) in self.stack.journal(
            f"SELECT record_number FROM capture WHERE device = '{METER}'"))
        low = self.stack.journal(
            "SELECT lower(hex(reading)) FROM observation WHERE code = 'glucose'"
            f" AND unit = 'mg/dL' AND value_exponent = 0 AND value_mantissa < {SERIOUSLY_LOW}")
        alerted = {key for (key,) in self.care(
            "SELECT lower(hex(reading_key)) FROM verdict_observation")}
        result = {
            "readings accepted": len(accepted),
            "lost": len(accepted - set(stored)),
            "stored that the hub does not know": len(set(stored) - accepted),
            "stored twice": len(stored) - len(set(stored)),
            "records of the meter passed over":
                (numbers[-1] - numbers[0] + 1 - len(numbers)) if numbers else 0,
            "seriously low readings": len(low),
            "of them without an alert": sum(1 for (key,) in low if key not in alerted),
            "set aside": self.care("SELECT count(*) FROM set_aside")[0][0],
            "set aside on the hub":
                self.stack.journal("SELECT count(*) FROM capture WHERE reason = 'unfinished'")[0][0],
        }
        must_be_none = [name for name in result if name not in (
            "readings accepted", "seriously low readings")]
        faults = [f"{result[name]} {name}" for name in must_be_none if result[name]]
        if not numbers or not low:
            faults.append("the meter's readings did not arrive: nothing was tested")
        return result, faults

    def run(self, say):
        try:
            self.stack.prepare()
            for name in ("dbus", "broker", "care", "home"):
                self.stack.start(name)
            self.torment(say)
            self.mend()
            return self.judge()
        finally:
            with contextlib.suppress(KeyError, ProcessLookupError):
                self.stack.processes["broker"].popen.send_signal(signal.SIGCONT)
            self.stack.stop()


def report(seed, chaos, result, faults, seconds):
    rows = [("Faults", ""), *chaos.counts.items(),
            ("different places of the journal's work", len(chaos.reached)), ("Outcome", ""),
            *result.items()]
    lines = [f"# Chaos, seed {seed}, {seconds / 60:.0f} minutes", "",
             "vardnav-hub, vardnav-care, vardnav-home, mosquitto with TLS, SQLite; SIGKILL before each"
             " write, truncation and sync of the hub's journal in turn.", ""]
    lines += [f"\n## {name}\n" if value == "" else f"- {name}: {value}" for name, value in rows]
    lines += ["", "## Verdict", "", *(faults or ["Nothing lost, nothing twice, no alert missed."])]
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--build", default=ROOT / "build/dev")
    parser.add_argument("--points", type=int, default=3000)
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--report", type=pathlib.Path)
    arguments = parser.parse_args()
    seed = arguments.seed if arguments.seed is not None else random.SystemRandom().randrange(10**6)
    print(f"seed {seed} (repeat with --seed {seed})", flush=True)
    started = time.monotonic()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="vardnav-chaos-"))
    try:
        chaos = Chaos(folder, arguments.build, random.Random(seed), arguments.points)
        try:
            result, faults = chaos.run(lambda line: print(line, flush=True))
        except StackError as fault:
            result, faults = {}, [str(fault)]
            for log in sorted(chaos.stack.folder.glob("*.log")):
                print(f"--- {log.name}\n" + "\n".join(log.read_text().splitlines()[-15:]))
        page = report(seed, chaos, result, faults, time.monotonic() - started)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(page)
    if arguments.report:
        arguments.report.parent.mkdir(parents=True, exist_ok=True)
        arguments.report.write_text(page)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
