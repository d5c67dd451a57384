#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Vardnav authors
# SPDX-License-Identifier: Apache-2.0
"""Readings a second end to end: many hubs over mosquitto with TLS into vardnav-care on SQLite,
receipts included, beside two floors in the same run with the same messages: a subscriber that only
counts, and one that also inserts the same rows into the same tables. Prints one JSON object; exit 1
below half of the lower floor."""
import argparse
import contextlib
import json
import pathlib
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests/support"), str(ROOT / "tests/bench")]

from run import rss_mib, spread  # noqa: E402
from stack import BEGINNING, Stack, make_certificates, wait_until  # noqa: E402

SHARE_OF_FLOOR = 0.5


def registry(hubs):
    """The demo's, and a person with the demo's diabetes rules behind each hub."""
    whole = json.loads((ROOT / "tests/demo/registry.json").read_text())
    for n in range(hubs):
        hub, person = f"hub-bench-{n}", f"p-hub-bench-{n}"
        whole["patients"].append({"person": person, "name": f"Prov {n}", "birth_year": 1950,
                                  "language": "sv", "context": {"format": 1}})
        whole["hubs"].append({"hub": hub, "persons": [person], "bindings": []})
        whole["enrolments"].append({
            "id": f"enrolment-bench-{n}", "person": person, "condition": "diabetes",
            "care_giver": "cg-uppsala-kommun", "team": "team-home", "backup": None,
            "prescriber": "Dr Exempel (påhittad)", "consent_basis": "prov", "from": BEGINNING,
            "until": None, "rules": [{"set": "demo-diabetes", "version": 1, "from": BEGINNING}]})
    return whole


def figures(result):
    """Of what the load program says."""
    return {"per_second": result["readings"] / result["seconds"],
            **{name: value for name, value in result.items() if name.endswith("_ms")}}


class Bench:
    def __init__(self, folder, build, hubs):
        self.build, self.hubs = pathlib.Path(build), hubs
        self.stack = Stack(folder / "stack", build, ROOT / "ble/virtual/scenarios/demo.json")
        self.stack.prepare()
        (folder / "registry.json").write_text(json.dumps(registry(hubs)))
        self.stack.care("registry", "import", folder / "registry.json")
        # Certificates of the hubs from the same throw-away authority as the broker's.
        shutil.copytree(self.stack.certificates, folder / "pki")
        make_certificates(folder / "pki", ["broker", "vardnav-care"] +
                          [f"hub-bench-{n}" for n in range(hubs)])
        shutil.rmtree(self.stack.certificates)
        shutil.copytree(folder / "pki", self.stack.certificates)
        with open(self.stack.folder / "mosquitto.conf", "a") as config:
            config.write("max_queued_messages 0\nmax_inflight_messages 20\n"
                         "log_type error\nlog_type warning\nlog_type notice\nlog_type subscribe\n")
        self.empty = folder / "empty.db"
        shutil.copy(self.stack.folder / "care/care.db", self.empty)

    def load(self, verb, *words, port=None):
        return [str(self.build / "bin/mqtt_load"), verb, "--port", str(port or self.stack.mqtt_port),
                "--pki", str(self.stack.certificates), *map(str, words)]

    def publish(self, *words, hubs=None, port=None):
        done = subprocess.run(self.load("publish", "--hubs", hubs or self.hubs, *words, port=port),
                              text=True, capture_output=True, timeout=600)
        if done.returncode != 0:
            raise SystemExit(f"publish: {done.stderr.strip()[-300:]}")
        return json.loads(done.stdout)

    def reset(self):
        for suffix in ("", "-wal", "-shm"):
            (self.stack.folder / f"care/care.db{suffix}").unlink(missing_ok=True)
        shutil.copy(self.empty, self.stack.folder / "care/care.db")

    def floor(self, verb, readings, items):
        """A subscriber in the backend's place."""
        self.reset()
        words = ["--readings", readings, "--items", items]
        if verb == "insert":
            words += ["--database", self.stack.folder / "care/care.db"]
        self.stack.start("broker")
        subscriber = subprocess.Popen(self.load(verb, *words), text=True, stdout=subprocess.PIPE)
        assert subscriber.stdout.readline() == "ready\n"
        self.publish("--readings", readings, "--items", items, "--no-receipts")
        result = json.loads(subscriber.stdout.readline())
        subscriber.wait(60)
        self.stack.processes["broker"].stop()
        return readings / result["seconds"]

    def start_care(self):
        """With a broker, until it would miss nothing: a first subscription gets what comes after."""
        self.stack.start("broker")
        log = self.stack.processes["broker"].log
        before = log.stat().st_size
        self.stack.start("care")
        wait_until(lambda: re.search(rb"vardnav-care \d vardnav/\S*up", log.read_bytes()[before:]), 60,
                   "vardnav-care to subscribe")

    def stored(self):
        address = f"file:{self.stack.folder}/care/care.db?mode=ro"
        with contextlib.closing(sqlite3.connect(address, uri=True)) as database:
            return database.execute("SELECT count(*) FROM reading_key").fetchone()[0]

    def care(self, readings, items, rate=0, *words):
        self.reset()
        self.start_care()
        result = self.publish("--readings", readings, "--items", items, "--rate", rate,
                              *words)
        # The peak is the start's: one password hash (Argon2id) takes 64 MiB.
        rss, peak = rss_mib(self.stack.processes["care"].popen.pid)
        if self.stored() != readings:
            raise SystemExit(f"{self.stored()} of {readings} readings are stored")
        for name in ("care", "broker"):
            self.stack.processes[name].stop()
        return {**figures(result), "rss_mib": rss, "rss_peak_mib": peak}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", default=ROOT / "build/dev")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--hubs", type=int, default=20)
    parser.add_argument("--readings", type=int, default=20_000)
    parser.add_argument("--items", type=int, nargs="*", default=[1, 50])
    arguments = parser.parse_args()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="vardnav-ingest-"))
    told, holds = {}, True
    try:
        bench = Bench(folder, arguments.build, arguments.hubs)
        for items in arguments.items:
            runs = []
            for _ in range(arguments.runs):
                run = {verb: bench.floor(verb, arguments.readings, items)
                       for verb in ("count", "insert")}
                run["care"] = bench.care(arguments.readings, items)
                run["share"] = run["care"]["per_second"] / min(run["count"], run["insert"])
                print(json.dumps(run), file=sys.stderr, flush=True)
                runs.append(run)
            share = spread([run["share"] for run in runs])
            told[f"{items}_in_a_message"] = {
                "share_of_lower_floor": {**share, "least": SHARE_OF_FLOOR}, "runs": runs}
            holds = holds and share["median"] >= SHARE_OF_FLOOR
    finally:
        if "bench" in locals():
            bench.stack.stop()
        shutil.rmtree(folder, ignore_errors=True)
    print(json.dumps(told, indent=1))
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main())
