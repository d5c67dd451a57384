#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Vardnav authors
# SPDX-License-Identifier: Apache-2.0
"""A household's week in the virtual home, in seconds, with every fault of ble/virtual/fault.h from a
seed: vardnav-hub over a private bus against vardnav-home. What devices keep must all be in the
hub's journal, once; what they say once, at most once; and what is nobody's must be quarantined, for
the right reason. The hub has no network meanwhile: all that it accepted waits in its outbox.

  household_week.py --seed 7            one week
  household_week.py --first 1 --seeds 10 --side-by-side 3"""
import argparse
import collections
import concurrent.futures
import contextlib
import json
import pathlib
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/support"))

from stack import BEGINNING, HUB, PERSON, Stack, StackError, make_certificates  # noqa: E402

SECONDS = 14          # over which the week's records appear
PATIENCE = 100        # until all must be there
METER, SCALE, SPIROMETER, CUFF, OXIMETER, THERMOMETER, BODY = DEVICES = [
    f"C0:FF:EE:00:00:0{n}" for n in range(1, 8)]
KEPT = {METER, OXIMETER}  # give their records again; the others say each once
CLOCK_IS_SET = {CUFF, BODY}
SLOTS = [(METER, None), (SCALE, None), (SCALE, 5), (SPIROMETER, None), (CUFF, None),
         (OXIMETER, None), (THERMOMETER, None), (BODY, 1), (BODY, 2)]
CODES = {(BODY, 1): 1234, (BODY, 2): 4321}  # of consent, by user
BEFORE = "before-binding"
# What is no reading, and what becomes of it: a scale's placeholder of zeros measures nothing.
NOBODYS = {("quarantined", "unknown-user"), ("quarantined", "control-solution"),
           ("refused", "no-value")}


def scenario(rng):
    """Seven days: five tests, two weighings and two sessions of blows a day."""
    def spread(count):
        return sorted(round(rng.uniform(0, SECONDS), 2) for _ in range(count))
    glucose = [{"glucose_mg_dl": str(rng.randint(40, 320)), "at": at, "minutes_ago": 500 - i}
               for i, at in enumerate(spread(35))]
    # Control solution by its sample type: Glucose Service 3.1, type 10.
    glucose.append({"hex": "02E803E9070418050000" "5AB01A", "number": 1000,
                    "characteristic": "2A18", "at": rng.uniform(0, SECONDS), "counts": False})
    weights = [{"weight_kg": f"{rng.randint(13600, 14200) * 5 / 1000:.3f}", "at": at,
                "minutes_ago": 400 - i} for i, at in enumerate(spread(14))]
    # Weight Scale Service 3.2: user 9, whom nobody has said to be anybody.
    weights.append({"hex": "04E03C09", "characteristic": "2A9D",
                    "at": rng.uniform(0, SECONDS), "counts": False})
    blows = [{"fev1_l": f"{rng.randint(180, 330) / 100:.2f}", "fvc_l": "3.60",
              "pef_l_min": str(rng.randint(250, 420)), "at": at, "minutes_ago": 300 - i}
             for i, at in enumerate(spread(14))]
    common = {"pairing": "just-works", "idle": 1.5, "wake": {"first": 0.2, "every": 0.7,
                                                             "advertise": 0.6}}
    devices = [
        {"address": METER, "name": "Meter", "model": "glucose-meter", **common, "records": glucose},
        {"address": SCALE, "name": "Scale", "model": "weight-scale", **common, "records": weights},
        {"address": SPIROMETER, "name": "Spirometer", "model": "spirometer", "mtu": 60, **common,
         "records": blows}]
    pressures = [{"systolic_mmhg": str(rng.randint(100, 190)), "diastolic_mmhg": "80",
                  "pulse_per_minute": str(rng.randint(50, 110)), "at": at, "minutes_ago": 250 - i}
                 for i, at in enumerate(spread(10))]
    saturations = [{"spo2_percent": str(rng.randint(84, 99)), "pulse_per_minute": "70", "at": at,
                    "minutes_ago": 220 - i} for i, at in enumerate(spread(7))]
    temperatures = [{"temperature_c": f"{rng.randint(355, 400) / 10}", "at": at,
                     "minutes_ago": 200 - i} for i, at in enumerate(spread(5))]
    bodies = [{"weight_kg": f"{rng.randint(600, 900) / 10}", "fat_percent": "24.0", "user": user,
               "at": at, "minutes_ago": 150 - i}
              for i, (at, user) in enumerate(zip(spread(8), [1, 2] * 4))]
    devices += [
        {"address": CUFF, "name": "A&D_UA-651BLE_0A1B2C", "model": "blood-pressure",
         "hangs_up": True, **common, "records": pressures},
        {"address": OXIMETER, "name": "Oximeter", "model": "oximeter", **common,
         "records": saturations},
        {"address": THERMOMETER, "name": "Thermometer", "model": "thermometer", **common,
         "records": temperatures},
        {"address": BODY, "name": "BF720", "model": "body-scale", "records": bodies, **common,
         "users": [{"slot": 1, "code": 1234}, {"slot": 2, "code": 4321}]}]
    for device in devices:
        device["clock"] = f"20{rng.randint(10, 26)}-0{rng.randint(1, 9)}-10T10:00:00"
        device["late_objects"] = rng.random() < 0.5
    return {"version": 1, "title": "A week", "about": "Invented values.", "devices": devices,
            "faults": faults(rng)}


def faults(rng):
    devices = DEVICES
    planned = [{"fault": "drop-link", "device": rng.choice(devices),
                "after_values": rng.randint(0, 5)} for _ in range(10)]
    planned += [{"fault": "wrong-count", "device": rng.choice([METER, SPIROMETER, OXIMETER])}
                for _ in range(3)]
    planned += [{"fault": "clock", "device": rng.choice(devices), "days": -rng.randint(300, 3000)}]
    planned += [{"fault": "bond-lost", "device": rng.choice(devices), "side": "adapter"}]
    planned += [{"fault": "bond-lost", "device": rng.choice(devices), "side": "device"}]
    planned += [{"fault": "radio-wedge", "for": round(rng.uniform(0.5, 4), 1)}]
    planned += [{"fault": "service-restart", "for": round(rng.uniform(0.2, 2), 1)}]
    for fault in planned:
        fault["at"] = round(rng.uniform(0.5, SECONDS + 2), 2)
    return planned


class Home(Stack):
    """The home's side of the stack alone; its broker is away."""

    state = None  # file of bonds that are there from the beginning

    def process(self, name):
        process = super().process(name)
        if name == "home" and self.state:
            process.command += ["--state", str(self.state)]
        return process

    def prepare_home(self, certificates, slots=SLOTS):
        self.folder.mkdir(parents=True)
        self.folder.chmod(0o700)
        self.certificates = certificates
        self._write_bus_config()
        bindings = [
            {"device": device, "slot": slot, "person": PERSON, "from": BEGINNING, "until": None,
             **({"consent_code": CODES[device, slot]} if (device, slot) in CODES else {})}
            for device, slot in slots]
        (self.folder / "household.json").write_text(json.dumps({
            "version": 1, "hub": HUB, "serial": 1, "issued_at": BEGINNING, "bindings": bindings,
            "rules": [], "patients": [], "messages": []}))
        (self.folder / "hub.toml").write_text(
            f'hub = "{HUB}"\nstate = "{self.folder}/hub"\n'
            f'household = "{self.folder}/household.json"\n[clock]\ntrust = "always"\n'
            f'[mqtt]\nhost = "127.0.0.1"\nport = {self.mqtt_port}\nca = "{certificates}/ca.crt"\n'
            f'certificate = "{certificates}/{HUB}.crt"\nkey = "{certificates}/{HUB}.key"\n')

    def told_steps(self):
        """Device → the last step of its bond that the hub told of."""
        steps = {}
        log = self.folder / "hub.log"
        for line in log.read_text().splitlines() if log.exists() else ():
            words = line.split()
            if len(words) > 3 and words[2].rstrip(":") in DEVICES:
                steps[words[2].rstrip(":")] = words[3].rstrip(":")
        return steps

    def repair_what_is_lost(self):
        """What a technician does: forgets the bond and pairs anew."""
        for device, step in self.told_steps().items():
            if step == "bond-lost":
                subprocess.run([self.bin / "vardnavctl", "pair", "--repair", device],
                               env={"DBUS_SYSTEM_BUS_ADDRESS": self.bus_address},
                               capture_output=True, check=False, timeout=20)

    def troubles(self):
        """What the hub told of, counted: the faults really happen."""
        log = (self.folder / "hub.log").read_text()
        return {word: log.count(word) for word in
                ("session ended early", "link-lost:", "bond-lost", "pairing\n", "service-down",
                 "quarantined") if word in log}

    def captures(self):
        """(device, octets, record number) → dispositions with reasons."""
        found = collections.defaultdict(list)
        with contextlib.suppress(sqlite3.OperationalError):
            for device, octets, disposition, reason in self.journal(
                    "SELECT device, hex(bytes), disposition, reason FROM capture"):
                found[device, octets].append((disposition, reason))
        return found


def judge(home, plan):
    # A stamp of the time before a clock jumped, or before the hub set it, can lie before the
    # binding: nobody can tell it from a last owner's, so it is kept aside.
    jumped = {fault["device"] for fault in plan["faults"] if fault["fault"] == "clock"}
    jumped |= CLOCK_IS_SET
    sent = {(e["device"], e["hex"].upper()): e["counts"] for e in home._sent_entries()}
    found = home.captures()
    faults = []
    for (device, octets), counts in sent.items():
        what = found.get((device, octets), [])
        if len(what) > 1:
            faults.append(f"{device} {octets} is captured {len(what)} times: {what}")
        is_dated_before = what and what[0] == ("quarantined", BEFORE) and device in jumped
        if counts and what and what[0][0] != "accepted" and not is_dated_before:
            faults.append(f"{device} {octets} is {what[0]}")
        if counts and not what and device in KEPT:
            faults.append(f"{device} {octets} is missing")
        if not counts and what and what[0] not in NOBODYS:
            faults.append(f"{device} {octets} is nobody's, and {what[0]}")
    faults += [f"{key} was never sent" for key in found if key not in sent]
    accepted = sum(1 for what in found.values() for one in what if one[0] == "accepted")
    queued = home.journal("SELECT count(*), count(DISTINCT reading) FROM outbox"
                          " WHERE stream = 'reading' AND revision = 1")[0]
    if queued != (accepted, accepted):
        faults.append(f"{accepted} accepted, {queued[0]} queued, {queued[1]} of them different")
    return sent, found, faults


def has_sent_all(home, plan):
    """Every measurement of every device has gone out at least once."""
    gone = collections.Counter(device for device, _ in {
        (entry["device"], entry["hex"]) for entry in home._sent_entries() if entry["counts"]})
    return all(gone[device["address"]] >= sum(record.get("counts", True)
                                              for record in device["records"])
               for device in plan["devices"])


def is_complete(home, plan):
    if not has_sent_all(home, plan):
        return False
    found = home.captures()
    return all((e["device"], e["hex"].upper()) in found for e in home._sent_entries()
               if e["device"] in KEPT and e["counts"])


def week(seed, build, certificates):
    rng = random.Random(seed)
    folder = pathlib.Path(tempfile.mkdtemp(prefix="vardnav-week-"))
    plan = scenario(rng)
    (folder / "week.json").write_text(json.dumps(plan))
    home = Home(folder / "stack", build, folder / "week.json")
    started = time.monotonic()
    faults = []
    try:
        home.prepare_home(certificates)
        for name in ("dbus", "home", "hub"):
            home.start(name)
        while not is_complete(home, plan):
            if time.monotonic() > started + PATIENCE:
                break
            home.repair_what_is_lost()
            time.sleep(0.5)
        for name in ("home", "hub"):
            if not home.processes[name].is_running():
                raise StackError(f"{name} ended: {home.processes[name].last_line()}")
        sent, found, faults = judge(home, plan)
        if not has_sent_all(home, plan):
            faults.append("the home still has records that nobody has collected")
        once = sum(1 for key, counts in sent.items() if counts and key[0] not in KEPT)
        once_found = sum(1 for key in found if key[0] not in KEPT and sent.get(key))
        line = (f"seed {seed}: {sum(sent.values())} sent, {len(found)} captured, {once - once_found} of"
                f" {once} said once were lost on the air, {time.monotonic() - started:.0f} s;"
                f" {dict(home.troubles())}")
    except StackError as fault:
        line, faults = f"seed {seed}:", [str(fault)]
    finally:
        home.stop()
        if faults:
            for name in ("hub", "home"):
                log = home.folder / f"{name}.log"
                if log.exists():
                    line += f"\n--- {name}.log\n" + "\n".join(log.read_text().splitlines()[-25:])
        shutil.rmtree(folder, ignore_errors=True)
    return line, [f"seed {seed}: {fault}" for fault in faults]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", default=ROOT / "build/dev")
    parser.add_argument("--seed", type=int, help="only this one")
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--side-by-side", type=int, default=4)
    arguments = parser.parse_args()
    seeds = ([arguments.seed] if arguments.seed is not None
             else range(arguments.first, arguments.first + arguments.seeds))
    pki = pathlib.Path(tempfile.mkdtemp(prefix="vardnav-week-pki-"))
    bad = []
    try:
        make_certificates(pki, [HUB])
        with concurrent.futures.ThreadPoolExecutor(arguments.side_by_side) as pool:
            for line, faults in pool.map(lambda s: week(s, arguments.build, pki), seeds):
                print(line, *(f"FAULT: {fault}" for fault in faults), sep="\n", flush=True)
                bad += faults
    finally:
        shutil.rmtree(pki, ignore_errors=True)
    print(f"{len(bad)} faults in {len(seeds)} weeks")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
