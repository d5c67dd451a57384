#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Vardnav authors
# SPDX-License-Identifier: Apache-2.0
"""SIGKILL of one process at random moments of the demo, each time followed by a restart: what the
hub accepted is in the backend exactly once, and every alert with it.

What a scale sent while the hub was dying is not accepted: bluetoothd confirms an indication before
any client has it. At most the indications of that moment can be missing, and the test counts them;
records a device keeps (meter, spirometer) must all be there.

The backend's record is in SQLite, or in PostgreSQL with --postgres; "database" kills that server."""
import argparse
import collections
import contextlib
import pathlib
import random
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/support"))

from api import Api, ApiError, Events  # noqa: E402
from reckoning import Reckoning, sent_identity  # noqa: E402
from stack import PASSWORD, Stack, StackError, wait_until  # noqa: E402

RECORDED = {"2A18", "2BDD"}  # the device keeps these and gives them again


def await_write(path, within=3):
    """Until somebody writes to the file; no pause, because the writer goes on in microseconds."""
    def written():
        with contextlib.suppress(FileNotFoundError):
            return path.stat().st_mtime_ns
    before = written()
    deadline = time.monotonic() + within
    while written() == before and time.monotonic() < deadline:
        pass


def kill_at_random(stack, victim, kills, rng, until):
    """Every other time in the middle of work: just after a write to the victim's database, so that
    what should be one transaction and is two is seen. The broker has none; it dies while a device
    sends, and the backend with it: what it has acknowledged and nobody has committed is gone."""
    at_work = stack.sent
    if victim == "hub":
        at_work = stack.folder / "hub/journal.db-wal"
    elif victim == "care" and not stack.database:
        at_work = stack.folder / "care/care.db-wal"
    planned = sorted(rng.uniform(1, until) for _ in range(kills))
    started = time.monotonic()
    moments = []
    for number, moment in enumerate(planned):
        time.sleep(max(0, started + moment - time.monotonic()))
        victims = [victim]
        if number % 2 == 0:
            if victim == "broker":
                victims.append("care")
                stack.kill("care")
            await_write(at_work)
            if at_work == stack.sent:
                time.sleep(rng.uniform(0, 0.02))  # for the hub to publish
        stack.kill(victim)
        moments.append(time.monotonic() - started)
        time.sleep(rng.uniform(0, 1.5))  # how long the process stays away
        for name in victims:
            stack.start(name)
    return moments


def run(victim, build, seed, kills, scenario, folder, on_postgres):
    rng = random.Random(seed)
    stack = Stack(folder, build, scenario, on_postgres=on_postgres)
    try:
        stack.prepare()
        for name in ("dbus", "broker", "care"):
            stack.start(name)
        api = Api(stack.http_port)
        api.login("operator", PASSWORD)
        reckoning = Reckoning(stack, api, lambda line: None)
        stack.start("hub")
        stack.start("home")
        moments = kill_at_random(stack, victim, kills, rng, 40)
        wait_until(stack.is_home_done, 90, "the virtual home to have sent everything")
        complete(stack, api, reckoning)
        return judge(stack, api, reckoning, victim, moments)
    finally:
        stack.stop()


def complete(stack, api, reckoning):
    """Until the backend holds all that the hub accepted and the hub waits for no receipt."""
    def done():
        try:
            stored = set(reckoning.stored_readings())
        except (ApiError, OSError):
            return False
        return stack.accepted_readings() <= stored and stack.outbox_is_empty()
    wait_until(done, 60, "the backend to hold what the hub accepted")


def judge(stack, api, reckoning, victim, moments):
    faults = []
    result = reckoning.result()
    stored = reckoning.stored_readings()
    accepted = stack.accepted_readings()
    if set(stored) - accepted:
        faults.append(f"{len(set(stored) - accepted)} stored that the hub never accepted")
    surplus = collections.Counter(stored.values()) - collections.Counter(
        map(sent_identity, stack.sent_records()))
    if surplus:
        faults.append(f"stored more often than sent: {surplus}")
    sent = stack.sent_records()
    identities = set(stored.values())
    missing = [e for e in sent if sent_identity(e) not in identities]
    if any(e["characteristic"] in RECORDED for e in missing):
        faults.append(f"records the device still has are missing: {missing}")
    unconfirmed = [e for e in missing if e["characteristic"] not in RECORDED]
    if unconfirmed and (victim != "hub" or len(unconfirmed) > len(moments)):
        faults.append(f"missing: {unconfirmed}")
    if result["alerts_raised"] != result["alerts_routed"] or not result["alerts_raised"]:
        faults.append(f"alerts raised {result['alerts_raised']}, routed {result['alerts_routed']}")
    print(f"{victim}: killed at {[round(m, 2) for m in moments]} s; sent {len(sent)}, accepted "
          f"{len(accepted)}, stored {len(stored)}, indications unconfirmed at a kill "
          f"{len(unconfirmed)}, {result}")
    return faults


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("victim", choices=("hub", "care", "broker", "database"))
    parser.add_argument("--postgres", action="store_true", help="the backend on PostgreSQL")
    parser.add_argument("--build", default=ROOT / "build/dev")
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--kills", type=int, default=6)
    parser.add_argument("--scenario", default=ROOT / "ble/virtual/scenarios/demo.json")
    arguments = parser.parse_args()
    seed = arguments.seed if arguments.seed is not None else random.SystemRandom().randrange(10**6)
    print(f"seed {seed} (repeat with --seed {seed})")
    with tempfile.TemporaryDirectory(prefix="vardnav-kill-") as folder:
        try:
            faults = run(arguments.victim, arguments.build, seed, arguments.kills,
                         arguments.scenario, folder,
                         arguments.postgres or arguments.victim == "database")
        except StackError as fault:
            faults = [str(fault)]
            for log in sorted(pathlib.Path(folder).glob("*.log")):
                print(f"--- {log.name}\n" + "\n".join(log.read_text().splitlines()[-15:]))
    for fault in faults:
        print("FAULT:", fault)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
