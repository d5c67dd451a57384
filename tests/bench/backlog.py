#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Vardnav authors
# SPDX-License-Identifier: Apache-2.0
"""A small home for sixteen without network for thirty days, 20,000 readings behind, and then the
broker comes back: how long from the first one stored until the hub holds a receipt for all but the
last few (fresh ones go on coming), how soon an alert that rises in the middle of it is there, and
what memory the hub needs. Real hub, mosquitto with TLS and backend over loopback. Prints one JSON
object; exit 1 if a limit is missed, no alert rose meanwhile, or a reading is lost."""
import argparse
import contextlib
import json
import math
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
from stack import BEGINNING, Stack, wait_until  # noqa: E402

READINGS, DAYS = 20_000, 30
LEFT = 50  # fresh ones, on their way
DRAIN_LIMIT_S, ALERT_LIMIT_MS, RSS_LIMIT_MIB = 20, 250, 30
PERSONS, LOWS = 16, 60
METERS = [f"C0:FF:EE:00:02:{n:02X}" for n in range(PERSONS)]
FIRST_LOW = 41  # mg/dL; no value before it is so low


def registry():
    """The demo's, with a person behind each of sixteen meters of its hub."""
    whole = json.loads((ROOT / "tests/demo/registry.json").read_text())
    for n, meter in enumerate(METERS):
        person = f"p-backlog-{n}"
        whole["patients"].append({"person": person, "name": f"Prov {n}", "birth_year": 1940,
                                  "language": "sv", "context": {"format": 1}})
        whole["hubs"][0]["persons"].append(person)
        whole["hubs"][0]["bindings"].append(
            {"device": meter, "person": person, "from": BEGINNING})
        whole["enrolments"].append({
            "id": f"enrolment-backlog-{n}", "person": person, "condition": "diabetes",
            "care_giver": "cg-uppsala-kommun", "team": "team-home", "backup": None,
            "prescriber": "Dr Exempel (påhittad)", "consent_basis": "prov", "from": BEGINNING,
            "until": None, "rules": [{"set": "demo-diabetes", "version": 1, "from": BEGINNING}]})
    return whole


def scenario(rng, low_at):
    """Each measures every half hour; a low every few days, as of people on insulin. Then, a
    minute long, the first meter records a low each second, to be seen in the middle of the drain."""
    each = READINGS // PERSONS
    step = DAYS * 24 * 60 / each
    devices = []
    for n, meter in enumerate(METERS):
        records = [{"at": 0, "minutes_ago": round((each - i) * step) + 30 + n,
                    "glucose_mg_dl": str(rng.randint(72, 240) if rng.random() > 0.004 else
                                         rng.randint(FIRST_LOW + 1, 69))} for i in range(each)]
        if n == 0:
            records += [{"at": low_at + i, "minutes_ago": 0, "glucose_mg_dl": str(FIRST_LOW)}
                        for i in range(LOWS)]
        devices.append({"address": meter, "name": f"Glucose meter {n}", "model": "glucose-meter",
                        "pairing": "authorisation", "clock": "2026-11-24T10:00:00",
                        "wake": {"first": 0.5 + n / 10, "every": 1, "advertise": 0.8},
                        "records": records})
    return {"version": 1, "title": "Backlog", "about": "Invented values.", "devices": devices}


def care_rows(folder, query):
    with contextlib.closing(sqlite3.connect(f"file:{folder}/care/care.db?mode=ro", uri=True)) as db:
        return db.execute(query).fetchall()


def away(build, seed, fill_seconds):
    folder = pathlib.Path(tempfile.mkdtemp(prefix="vardnav-backlog-"))
    (folder / "plan.json").write_text(json.dumps(scenario(random.Random(seed), fill_seconds)))
    stack = Stack(folder / "stack", build, folder / "plan.json")
    try:
        stack.prepare()
        (folder / "registry.json").write_text(json.dumps(registry()))
        stack.care("registry", "import", folder / "registry.json")
        # The hub has its configuration before it loses the network.
        for name in ("dbus", "broker", "care", "hub"):
            stack.start(name)

        def is_configured():
            with contextlib.suppress(sqlite3.Error):
                return stack.journal("SELECT count(*) FROM configuration")[0][0] > 0
        wait_until(is_configured, 20, "the hub to have its configuration")
        stack.processes["broker"].stop()
        stack.processes["care"].stop()
        stack.start("home")
        began = time.monotonic()

        def queued():
            return stack.journal("SELECT count(*) FROM outbox WHERE stream='reading'")[0][0]
        wait_until(lambda: queued() >= READINGS, fill_seconds - 5, f"{READINGS} readings in the hub")
        filled = time.monotonic() - began
        hub = stack.processes["hub"].popen.pid
        wait_until(lambda: time.monotonic() - began > fill_seconds - 5, fill_seconds,
                   "the first fresh readings")
        cpu = {"hub": -cpu_seconds(hub)}
        stack.start("care")
        stack.start("broker")
        care = stack.processes["care"].popen.pid
        wait_until(lambda: care_rows(stack.folder, "SELECT count(*) FROM reading_key")[0][0], 60,
                   "the hub to have dialled again")
        started = time.monotonic()
        clock = time.time()
        wait_until(lambda: queued() < LEFT, 300, "the backlog to be gone")
        drained = time.monotonic() - started
        ended = time.time()
        wait_until(lambda: stack.is_home_done() and stack.outbox_is_empty(), LOWS + 60, "the rest")
        stored = care_rows(stack.folder, "SELECT count(*) FROM reading_key")[0][0]
        cpu["hub"] += cpu_seconds(hub)
        cpu["care"] = cpu_seconds(care)
        _, peak = rss_mib(hub)
        # From the hub's word to the backend's commit; of those that rose meanwhile.
        waits = sorted(stored_at - told for stored_at, told in care_rows(
            stack.folder, "SELECT stored_utc_ms, told_utc_ms FROM verdict WHERE said_by_hub=1")
            if clock * 1000 <= told <= ended * 1000)
        return {"readings": READINGS + LOWS, "stored": stored, "hub_intake_s": round(filled, 1),
                "drained_s": round(drained, 2), "fresh_alerts": len(waits),
                "fresh_alert_ms": waits[-1] if waits else math.inf,
                "fresh_alert_median_ms": waits[len(waits) // 2] if waits else math.inf,
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
