#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Vardnav authors
# SPDX-License-Identifier: Apache-2.0
"""What the backend replays is what vardnavctl replays over the files that the backend gives, octet
for octet: over resends, a late reading and a correction, with and without --against."""
import json
import pathlib
import subprocess
import sys
import tempfile

from openapi_test import Server

TEMPLATES = pathlib.Path(__file__).parents[3] / "rules/templates"


def glucose(name, at, value, received=None, flags=()):
    return {"id": name, "at": at, "received": received or at, "code": "glucose", "value": value,
            "unit": "mmol/L", "flags": list(flags)}


# The low of 09:10 comes two days late; the 2.9 of 09:30 was a control solution, as is told later.
STORY = [
    glucose("a", "2026-11-20T07:00:00.000Z", "6.1"),
    glucose("b", "2026-11-20T09:30:00.000Z", "2.9"),
    glucose("b", "2026-11-20T09:30:00.000Z", "2.9"),
    glucose("c", "2026-11-20T09:45:00.000Z", "5.9"),
    glucose("d", "2026-11-21T07:00:00.000Z", "3.5"),
    glucose("e", "2026-11-22T07:00:00.000Z", "16.4"),
    glucose("f", "2026-11-20T09:10:00.000Z", "2.6", received="2026-11-22T09:00:00.000Z"),
    glucose("b", "2026-11-20T09:30:00.000Z", "2.9", received="2026-11-22T10:00:00.000Z",
            flags=["corrected", "control-solution"]),
]


def template(name):
    return json.loads((TEMPLATES / f"{name}.json").read_text())


def tell(server, story):
    for line in story:
        server.process.stdin.write(json.dumps(line) + "\n")
        server.process.stdin.flush()
        assert server.process.stdout.readline() == "stored\n"


def by_program(program, files, *options):
    done = subprocess.run([program, "rules", "replay", *options], cwd=files, capture_output=True,
                          text=True, check=True)
    return done.stdout


def run(server, program, files):
    server.ask("POST", "/session", {"username": "karin", "password": "right"})
    tell(server, STORY)
    new = [template("glucose-low"), template("glucose-high")]
    old = template("glucose-high")
    readings = server.ask("GET", "/patients/p-1/readings")[2]
    context = server.ask("GET", "/patients/p-1/context")[2]
    for name, text in (("readings", readings), ("context", json.dumps(context)),
                       ("new", json.dumps(new)), ("old", json.dumps(old))):
        (files / name).write_text(text, encoding="utf-8")
    assert readings.count("\n") == len(STORY) - 1, "a resend is stored once"

    common = ["--rules", "new", "--readings", "readings", "--context", "context"]
    asked = {
        (): {},
        ("--lang", "sv"): {"language": "sv"},
        ("--from", "2026-11-20T09:00:00Z", "--until", "2026-11-21T00:00:00Z"):
            {"from": "2026-11-20T09:00:00Z", "until": "2026-11-21T00:00:00Z"},
        ("--against", "old"): {"against": old},
    }
    for options, more in asked.items():
        status, kind, text = server.ask("POST", "/patients/p-1/replay", {"rules": new, **more})
        assert (status, kind) == (200, "application/x-ndjson"), text
        assert text == by_program(program, files, *common, *options), options
        assert text.count("\n") > 1, f"{options}: nothing was told"

    told = [json.loads(line) for line in
            server.ask("POST", "/patients/p-1/replay", {"rules": new})[2].splitlines()]
    late = [v for v in told if v["transition"] == "raised" and v["at"] == STORY[6]["at"]]
    assert late and late[0]["late"] and late[0]["told"] == STORY[6]["received"], told
    taken_back = [v for v in told if v["transition"] == "withdrawn" and v["at"] == STORY[1]["at"]]
    assert taken_back and taken_back[0]["told"] == STORY[7]["received"], told

    # A context of one's own in place of the stored one.
    can = server.ask("POST", "/patients/p-1/replay",
                     {"rules": new, "context": {"format": 1, "can_remeasure": True}})[2]
    assert '"candidate"' in can and '"candidate"' not in json.dumps(told)


def main():
    server = Server(sys.argv[1], "empty")
    try:
        with tempfile.TemporaryDirectory() as files:
            run(server, sys.argv[2], pathlib.Path(files))
    finally:
        assert server.stop() == 0


if __name__ == "__main__":
    main()
