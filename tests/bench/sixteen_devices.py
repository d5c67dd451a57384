#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Vardnav authors
# SPDX-License-Identifier: Apache-2.0
"""Sixteen bonded devices that all wake once within one minute: which are collected, and what the hub
needs for it. Prints one JSON object; exit 1 if one is missed or the hub needs too much."""
import argparse
import json
import pathlib
import random
import shutil
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests/support"), str(ROOT / "tests/e2e"), str(ROOT / "tests/bench")]

from household_week import Home  # noqa: E402
from run import RSS_LIMIT_MIB, rss_mib, spread  # noqa: E402
from stack import HUB, make_certificates  # noqa: E402

DEVICES, RECORDS, MINUTE, ADVERTISES = 16, 6, 60, 10


def scenario(rng):
    """Each wakes once in the minute, advertises for ten seconds, and has six records."""
    devices = []
    for n in range(DEVICES):
        is_meter = n % 2 == 0
        records = [{"minutes_ago": 60 + i, "at": 0,
                    **({"glucose_mg_dl": str(rng.randint(80, 200))} if is_meter else
                       {"weight_kg": f"{rng.randint(13600, 14200) * 5 / 1000:.3f}"})}
                   for i in range(RECORDS)]
        devices.append({
            "address": f"C0:FF:EE:00:01:{n:02X}", "name": f"Device {n}",
            "model": "glucose-meter" if is_meter else "weight-scale",
            "clock": "2026-11-24T10:00:00", "idle": 3, "records": records,
            "wake": {"first": round(rng.uniform(1, MINUTE - ADVERTISES), 2), "every": 3600,
                     "advertise": ADVERTISES}})
    return {"version": 1, "title": "Sixteen", "about": "Invented values.", "devices": devices}


def minute(build, seed, certificates):
    rng = random.Random(seed)
    folder = pathlib.Path(tempfile.mkdtemp(prefix="vardnav-sixteen-"))
    plan = scenario(rng)
    (folder / "plan.json").write_text(json.dumps(plan))
    home = Home(folder / "stack", build, folder / "plan.json")
    addresses = [device["address"] for device in plan["devices"]]
    try:
        home.prepare_home(certificates, [(address, None) for address in addresses])
        (home.folder / "bonds.json").write_text(json.dumps(
            {"bonds": {address: {"bonded": True, "trusted": True} for address in addresses}}))
        home.state = home.folder / "bonds.json"
        for name in ("dbus", "home", "hub"):
            home.start(name)
        started = time.monotonic()
        while time.monotonic() < started + MINUTE + 5 and len(home.captures()) < DEVICES * RECORDS:
            time.sleep(0.2)
        _, peak = rss_mib(home.processes["hub"].popen.pid)
        found = home.captures()
        whole = [a for a in addresses if sum(1 for key in found if key[0] == a) == RECORDS]
        return {"collected": len(whole), "records": len(found), "hub_rss_peak_mib": round(peak, 2),
                "seconds": round(time.monotonic() - started, 1)}
    finally:
        home.stop()
        shutil.rmtree(folder, ignore_errors=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", default=ROOT / "build/dev")
    parser.add_argument("--runs", type=int, default=3)
    arguments = parser.parse_args()
    pki = pathlib.Path(tempfile.mkdtemp(prefix="vardnav-sixteen-pki-"))
    try:
        make_certificates(pki, [HUB])
        runs = [minute(arguments.build, seed, pki) for seed in range(1, arguments.runs + 1)]
    finally:
        shutil.rmtree(pki, ignore_errors=True)
    rss = spread([run["hub_rss_peak_mib"] for run in runs])
    print(json.dumps({"devices": DEVICES, "runs": runs, "hub_rss_peak_mib": {
        **rss, "limit": RSS_LIMIT_MIB}}, indent=1))
    return 0 if all(run["collected"] == DEVICES for run in runs) and rss["max"] < RSS_LIMIT_MIB else 1


if __name__ == "__main__":
    sys.exit(main())
