#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Vardnav authors
# SPDX-License-Identifier: Apache-2.0
"""A home without network for four weeks, 20,000 readings behind, and then the broker comes back: how
long until the backend has them all and the hub holds a receipt for each, how soon an alert that
rises in the middle of it is there, and what memory the hub needs. Real hub, mosquitto with TLS and
backend over loopback. Prints one JSON object; exit 1 if a limit is missed or a reading is lost."""
import argparse
import contextlib
import json
import pathlib
import random
import shutil
import sqlite3
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests/support"), str(ROOT / "tests/bench")]

from run import cpu_seconds, rss_mib, spread  # noqa: E402
from stack import Stack, wait_until  # noqa: E402

READINGS, DAYS = 20_000, 28
DRAIN_LIMIT_S, ALERT_LIMIT_MS, RSS_LIMIT_MIB = 20, 250, 30
METER = "C0:FF:EE:00:00:01"
FIRST_LOW = 41  # mg/dL; no value before it is so low


def scenario(rng, low_at):
    """Every two minutes a reading; lows a few times a day, as of a person on insulin."""
    step = DAYS * 24 * 60 / READINGS
    records = [{"at": 0, "minutes_ago": round((READINGS - i) * step) + 30,
                "glucose_mg_dl": str(rng.randint(72, 240) if rng.random() > 0.004 else
                                     rng.randint(FIRST_LOW + 1, 69))} for i in range(READINGS)]
    records.append({"at": low_at, "minutes_ago": 1, "glucose_mg_dl": str(FIRST_LOW)})
    return {"version": 1, "title": "Backlog", "about": "Invented values.", "devices": [
        {"address": METER, "name": "Glucose meter", "model": "glucose-meter",
         "pairing": "authorisation", "clock": "2026-11-24T10:00:00",
         "wake": {"first": 0.5, "every": 0.5, "advertise": 0.4}, "records": records}]}


def care_rows(folder, query):
    with contextlib.closing(sqlite3.connect(f"file:{folder}/care/care.db?mode=ro", uri=True)) as db:
        return db.execute(query).fetchall()


def away(build, seed, fill_seconds):
    folder = pathlib.Path(tempfile.mkdtemp(prefix="vardnav-backlog-"))
    (folder / "plan.json").write_text(json.dumps(scenario(random.Random(seed), fill_seconds)))
    stack = Stack(folder / "stack", build, folder / "plan.json")
    try:
        stack.prepare()
        # The hub has its configuration before it loses the network.
        for name in ("dbus", "broker", "care", "hub"):
            stack.start(name)
        wait_until(lambda: stack.journal("SELECT count(*) FROM configuration")[0][0], 20,
                   "the hub to have its configuration")
        stack.processes["broker"].stop()
        stack.processes["care"].stop()
        stack.start("home")
        began = time.monotonic()

        def is_filled():
            queued = stack.journal("SELECT count(*) FROM outbox WHERE stream='reading'")[0][0]
            return queued >= READINGS
        wait_until(is_filled, fill_seconds - 5, f"{READINGS} readings in the hub")
        filled = time.monotonic() - began
        hub = stack.processes["hub"].popen.pid
        # The low is recorded while the backlog runs: the broker comes back two seconds before.
        wait_until(lambda: time.monotonic() - began > fill_seconds - 2, fill_seconds, "the hour")
        cpu = {"hub": -cpu_seconds(hub)}
        stack.start("broker")
        stack.start("care")
        care = stack.processes["care"].popen.pid
        started = time.monotonic()
        wait_until(stack.outbox_is_empty, 300, "a receipt for everything")
        drained = time.monotonic() - started
        stored = care_rows(stack.folder, "SELECT count(*) FROM reading_key")[0][0]
        cpu["hub"] += cpu_seconds(hub)
        cpu["care"] = cpu_seconds(care)
        _, peak = rss_mib(hub)
        taken, told = stack.journal(
            "SELECT max(received_utc_ms), (SELECT max(told_utc_ms) FROM verdict) FROM capture")[0]
        verdict = care_rows(stack.folder, "SELECT stored_utc_ms, told_utc_ms FROM verdict WHERE"
                            f" told_utc_ms >= {taken} AND said_by_hub=1 ORDER BY told_utc_ms")[0]
        return {"readings": READINGS + 1, "stored": stored, "hub_intake_s": round(filled, 1),
                "drained_s": round(drained, 2), "fresh_alert_ms": verdict[0] - taken,
                "alerted_into_the_drain_s": round((taken / 1000 - time.time()) +
                                                  (time.monotonic() - started), 2),
                "hub_rss_peak_mib": round(peak, 2),
                "cpu_s": {name: round(value, 1) for name, value in cpu.items()}}
    finally:
        stack.stop()
        shutil.rmtree(folder, ignore_errors=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", default=ROOT / "build/dev")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--fill-seconds", type=float, default=150)
    arguments = parser.parse_args()
    runs = [away(arguments.build, seed, arguments.fill_seconds)
            for seed in range(1, arguments.runs + 1)]
    figures = {"runs": runs,
               "drained_s": {**spread([r["drained_s"] for r in runs]), "limit": DRAIN_LIMIT_S},
               "fresh_alert_ms": {**spread([r["fresh_alert_ms"] for r in runs]),
                                  "limit": ALERT_LIMIT_MS},
               "hub_rss_peak_mib": {**spread([r["hub_rss_peak_mib"] for r in runs]),
                                    "limit": RSS_LIMIT_MIB}}
    print(json.dumps(figures, indent=1))
    holds = all(figures[name]["max"] < figures[name]["limit"]
                for name in ("drained_s", "fresh_alert_ms", "hub_rss_peak_mib"))
    return 0 if holds and all(r["stored"] == r["readings"] for r in runs) else 1


if __name__ == "__main__":
    sys.exit(main())
