#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Vardnav authors
# SPDX-License-Identifier: Apache-2.0
"""The simulation can fail: each of these breakages of the product is built, and must be seen.

A mutation that can no longer be applied is a failure too: the code it broke has moved."""
import argparse
import pathlib
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]

# name: (file, what stands there, what stands there instead), …
MUTATIONS = {
    "commits that are not synced": [
        ("pipelines/sqlite/sqlite.cpp", "synchronous=FULL", "synchronous=OFF")],
    "no unique index over captures": [
        ("pipelines/store/schema.cpp", "key BLOB NOT NULL UNIQUE CHECK (length(key) = 16),\n"
         "  device", "key BLOB NOT NULL,\n  device"),
        ("pipelines/store/schema.cpp", "reading BLOB NOT NULL REFERENCES capture (key)",
         "reading BLOB NOT NULL"),
        ("pipelines/store/schema.cpp", "reading BLOB REFERENCES capture (key)", "reading BLOB"),
        ("pipelines/store/capture_rows.cpp", "ON CONFLICT (key) DO NOTHING RETURNING",
         "RETURNING")],
    "a cursor that moves before the commit": [
        ("tests/simulation/devices.cpp", "if (!hub_.take(std::move(record))) return;",
         "(void)hub_.take(std::move(record));")],
    "forgetting on the broker's acknowledgement": [
        ("pipelines/forward/forwarder.cpp",
         "void Forwarder::onAcknowledged(std::uint64_t token) {\n",
         "void Forwarder::onAcknowledged(std::uint64_t token) {\n"
         "  for (const Stream each : {Stream::kAlert, Stream::kReading}) {\n"
         "    (void)outbox_.forget({hub_, outbox_.epoch(), each, laneOf(each).highest, {}, {}});\n"
         "  }\n")],
    "an unknown clock that is believed": [
        ("pipelines/intake/anchoring.cpp", "if (!record.isHubClockTrusted) return fault;", "")],
}


def copy_tree(target):
    shutil.rmtree(target, ignore_errors=True)
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, text=True,
                            capture_output=True, check=True).stdout.splitlines()
    for name in listed:
        if (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target / name)


def mutate(target, changes):
    for name, before, after in changes:
        text = (target / name).read_text()
        if before not in text:
            raise SystemExit(f"{name} no longer holds: {before!r}: correct MUTATIONS in {__file__}")
        (target / name).write_text(text.replace(before, after, 1))


def build(target):
    for command in (["cmake", "--preset", "dev"],
                    ["cmake", "--build", "build/dev", "--target", "simulation_test"]):
        done = subprocess.run(command, cwd=target, capture_output=True, text=True)
        if done.returncode != 0:
            raise SystemExit(f"the mutated tree does not build:\n{done.stdout[-3000:]}{done.stderr[-3000:]}")


def run(target):
    return subprocess.run([target / "build/dev/bin/simulation_test",
                           "--gtest_filter=HouseholdYear.NorDoTwenty*"],
                          capture_output=True, text=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--folder", type=pathlib.Path, default=ROOT / "build/mutation")
    folder = parser.parse_args().folder
    unseen = []
    try:
        for name, changes in {"nothing": [], **MUTATIONS}.items():
            copy_tree(folder)
            mutate(folder, changes)
            build(folder)
            done = run(folder)
            is_seen = done.returncode != 0
            faults = [line for line in done.stdout.splitlines() if line.startswith("seed ")]
            print(f"{name}: {'seen' if is_seen else 'not seen'}; {(faults or ['no fault'])[0]}",
                  flush=True)
            if is_seen != bool(changes) or (is_seen and not faults):
                unseen.append(name)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    if unseen:
        print("not as expected: " + ", ".join(unseen))
    return 1 if unseen else 0


if __name__ == "__main__":
    sys.exit(main())
