#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Vardnav authors
# SPDX-License-Identifier: Apache-2.0
"""The harnesses can fail: each of these breakages of the product is built, and the simulation, the
chaos of the real programs or the journal's tests must see it, for the reason that is meant.

A mutation that can no longer be applied is a failure too: the code it broke has moved."""
import argparse
import dataclasses
import pathlib
import re
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]


@dataclasses.dataclass
class Harness:
    """What it is built from, and how it is run; `{build}` is the mutated build."""
    targets: list
    command: list


HARNESSES = {
    "simulation": Harness(["simulation_test"], [
        "{build}/bin/simulation_test", "--gtest_filter=HouseholdYear.NorDoTwenty*:PowerCut.*"]),
    "chaos": Harness(["vardnav-hub", "vardnav-care", "vardnav-home", "vardnavctl", "crash_point"], [
        sys.executable, str(ROOT / "tests/chaos/chaos.py"), "--build", "{build}", "--points", "150",
        "--seed", "1", "--database", "sqlite"]),
    "journal": Harness(["pipelines_store_test"], [
        "{build}/bin/pipelines_store_test", "--gtest_filter=JournalRecovery.*"]),
}


@dataclasses.dataclass
class Mutation:
    name: str
    harness: str
    fault: str     # what the harness must say, a regular expression
    changes: list  # (file, what stands there, what stands there instead)


MUTATIONS = [
    Mutation("commits that are not synced", "simulation",
             r"seed \d+: reading \w+ was told to be accepted, and the hub has lost it", [
        ("pipelines/sqlite/sqlite.cpp", "synchronous=FULL", "synchronous=OFF")]),
    Mutation("no unique index over captures", "simulation",
             r"seed \d+: the backend has readings that the hub did not", [
        ("pipelines/store/schema.cpp", "key BLOB NOT NULL UNIQUE CHECK (length(key) = 16),\n"
         "  device", "key BLOB NOT NULL,\n  device"),
        ("pipelines/store/schema.cpp", "reading BLOB NOT NULL REFERENCES capture (key)",
         "reading BLOB NOT NULL"),
        ("pipelines/store/schema.cpp", "reading BLOB REFERENCES capture (key)", "reading BLOB"),
        ("pipelines/store/schema.cpp", "capture BLOB PRIMARY KEY REFERENCES capture (key)",
         "capture BLOB PRIMARY KEY"),
        ("pipelines/store/capture_rows.cpp", " ON CONFLICT (key) DO NOTHING\");\n  insert.with",
         "\");\n  insert.with")]),
    # What a process wrote and had not synced when it ended, and the power takes later. The whole
    # house no longer shows it: the backend goes by keys.
    Mutation("a log that is believed before it is durable", "simulation",
             r"FAILED.*TakesNothingBackThatAProcessHasReadAfterAKill", [
        ("pipelines/sqlite/sqlite.cpp", "log->pMethods->xSync(log, SQLITE_SYNC_NORMAL) == SQLITE_OK",
         "true")]),
    Mutation("alerts that open no episode", "simulation",
             r"seed \d+: \d+ alerts have no episode that holds them", [
        ("cloud/core/episode_desk.cpp", "    return open(verdict, hub);\n", "    return {};\n")]),
    Mutation("late alerts that are not told", "simulation",
             r"seed \d+: missed: [\w-]+ raised P\d of", [
        ("hub/core/hub_core.cpp", "if (!rules::isForTheRecord(verdict)) continue;",
         "if (!rules::isForTheRecord(verdict) ||"
         " (verdict.isLate && verdict.transition == Transition::kRaised)) {\n"
         "      continue;\n    }")]),
    Mutation("alerts that are not taken back", "simulation",
             r"seed \d+: phantom: [\w-]+ raised P\d of", [
        ("hub/core/hub_core.cpp", "if (!rules::isForTheRecord(verdict)) continue;",
         "if (!rules::isForTheRecord(verdict) || verdict.withdraws) continue;")]),
    Mutation("no unique key over readings", "simulation",
             r"seed \d+: \d+ readings are stored twice", [
        ("cloud/store/schema.cpp", "key BLOB PRIMARY KEY, person TEXT NOT NULL, hub",
         "key BLOB, person TEXT NOT NULL, hub"),
        ("cloud/store/schema.cpp", "has_item INTEGER NOT NULL, UNIQUE(person, key)) STRICT",
         "has_item INTEGER NOT NULL) STRICT"),
        ("cloud/store/schema.cpp", "code, revision),\n"
         "  FOREIGN KEY(person, reading_key) REFERENCES reading_key(person, key)) STRICT",
         "code, revision)) STRICT"),
        ("cloud/store/sql_care_readings.cpp", "\" ON CONFLICT(key) DO NOTHING\"", "\"\"")]),
    # In a file beside the journal, which no transaction takes back.
    Mutation("a cursor that moves before the commit", "simulation",
             r"seed \d+: reading \d+ is stored 0 times", [
        ("pipelines/store/capture_rows.cpp", "Result<bool> insertRow(Database& database,"
         " const hub::Capture& capture, Bytes& link) {\n",
         "Result<bool> insertRow(Database& database, const hub::Capture& capture, Bytes& link) {\n"
         "  if (capture.record.recordNumber) {\n"
         "    std::ofstream(database.path() + \".cursor\", std::ios::app)\n"
         "        << capture.record.device.value << ' ' << capture.record.characteristic << ' '\n"
         "        << *capture.record.recordNumber << '\\n';\n"
         "  }\n"),
        ("pipelines/store/capture_rows.cpp", "#include <array>\n",
         "#include <array>\n#include <fstream>\n"),
        ("pipelines/store/sqlite_journal.cpp", "  auto row = database_.prepare(\n"
         "      \"SELECT max(record_number) FROM capture\"",
         "  std::ifstream moved(database_.path() + \".cursor\");\n"
         "  std::optional<std::uint32_t> last;\n"
         "  std::string of, what;\n"
         "  for (std::uint32_t number = 0; moved >> of >> what >> number;) {\n"
         "    if (of == device.value && what == characteristic) last = std::max(last.value_or(0),"
         " number);\n"
         "  }\n"
         "  if (last) return last;\n"
         "  auto row = database_.prepare(\n"
         "      \"SELECT max(record_number) FROM capture\""),
        ("pipelines/store/sqlite_journal.cpp", "#include <algorithm>\n",
         "#include <algorithm>\n#include <fstream>\n")]),
    Mutation("a blow that is acknowledged before it is committed", "chaos",
             r"\d+ blows of the lung monitor lost\*\*", [
        ("ble/session/vitalograph_session.cpp",
         "    deliver(recordOf(kVitalographNotifyUuid, std::move(frame), receivedAt),\n"
         "            [this] { answer(gatt::kVitalographAck); });\n",
         "    answer(gatt::kVitalographAck);\n"
         "    deliver(recordOf(kVitalographNotifyUuid, std::move(frame), receivedAt), [] {});\n")]),
    Mutation("forgetting on the broker's acknowledgement", "simulation",
             r"seed \d+: reading \d+ is stored 0 times", [
        ("pipelines/forward/forwarder.cpp",
         "void Forwarder::onAcknowledged(std::uint64_t token) {\n",
         "void Forwarder::onAcknowledged(std::uint64_t token) {\n"
         "  for (const Stream each : {Stream::kAlert, Stream::kReading}) {\n"
         "    (void)outbox_.forget({hub_, outbox_.epoch(), each, laneOf(each).highest, {}, {}});\n"
         "  }\n")]),
    Mutation("an unknown clock that is believed", "simulation",
             r"seed \d+: reading \d+ is \d+ ms from its true time, unmarked", [
        ("pipelines/intake/anchoring.cpp", "if (!record.isHubClockTrusted) return fault;", "")]),
    Mutation("a journal whose indexes are not held against its tables", "journal",
             r"FAILED.*SeesAnIndexThatNoLongerHasAReading", [
                 ("pipelines/store/sqlite_journal.cpp", "sqlite::Check::kWhole",
                  "sqlite::Check::kQuick")]),
]


def copy_tree(target):
    """What is under version control or could be. Only what has changed is written, and so built."""
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, text=True,
                            capture_output=True, check=True).stdout.splitlines()
    for name in listed:
        source, copy = ROOT / name, target / name
        if not source.is_file() or (copy.is_file() and
                                    copy.read_bytes() == source.read_bytes()):
            continue
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, copy)
        shutil.copymode(source, copy)


def mutated(tree, changes):
    """File → its text with the changes."""
    texts = {}
    for name, before, after in changes:
        text = texts.get(name) or (tree / name).read_text()
        if before not in text:
            raise SystemExit(f"{name} no longer holds: {before!r}: correct MUTATIONS in {__file__}")
        texts[name] = text.replace(before, after, 1)
    return texts


def build(target, targets):
    for command in (["cmake", "--preset", "dev"],
                    ["cmake", "--build", "build/dev", "--target", *targets]):
        done = subprocess.run(command, cwd=target, capture_output=True, text=True)
        if done.returncode != 0:
            raise SystemExit("the mutated tree does not build:\n"
                             f"{done.stdout[-3000:]}{done.stderr[-3000:]}")


def run(target, harness):
    """Exit status and everything that was said."""
    command = [word.format(build=target / "build/dev") for word in harness.command]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    return done.returncode, done.stdout


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--folder", type=pathlib.Path, default=ROOT / "build/mutation")
    parser.add_argument("--only", default="", help="mutations whose name has this in it")
    parser.add_argument("--applies", action="store_true",
                        help="build nothing, see only whether each can still be applied")
    arguments = parser.parse_args()
    if arguments.applies:
        return 0 if all(mutated(ROOT, one.changes) for one in MUTATIONS) else 1
    folder, wrong = arguments.folder.resolve(), []
    chosen = [one for one in MUTATIONS if re.search(arguments.only, one.name)]
    sound = [Mutation(f"{name}, nothing mutated", name, "", [])
             for name in HARNESSES if any(one.harness == name for one in chosen)]
    try:
        for one in sound + chosen:
            copy_tree(folder)
            for name, text in mutated(folder, one.changes).items():
                (folder / name).write_text(text)
            build(folder, HARNESSES[one.harness].targets)
            status, said = run(folder, HARNESSES[one.harness])
            found = [line.strip() for line in said.splitlines() if re.search(one.fault, line)]
            is_seen = status != 0
            print(f"{one.name}: {'seen' if is_seen else 'not seen'} by the {one.harness}"
                  f"{'; ' + found[0] if is_seen and found else ''}", flush=True)
            if is_seen != bool(one.changes) or (is_seen and not found):
                wrong.append(one.name)
                print("\n".join(said.splitlines()[-40:]), flush=True)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    if wrong:
        print("not as expected: " + ", ".join(wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
