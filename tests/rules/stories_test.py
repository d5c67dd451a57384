#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Vardnav authors
# SPDX-License-Identifier: Apache-2.0
"""Replays every story of tests/data/rules/stories through `vardnavctl rules replay` and holds what
is told against the lines that the story expects. How a story is written: README.md beside them."""
import argparse
import datetime
import json
import pathlib
import re
import subprocess
import sys
import tempfile

import jsonschema

ROOT = pathlib.Path(__file__).resolve().parents[2]
STORIES = ROOT / "tests/data/rules/stories"
TEMPLATES = ROOT / "rules/templates"
BOTH = {"sv": "Berättelse", "en": "Story"}
RULE = {"format": 2, "version": 1, "condition": "story", "title": BOTH, "source": ["a story"]}
LEVEL = {"gate": "none", "text": {"clinician": BOTH, "patient": BOTH}}
MOMENT = re.compile(r"(?:([+-]\d+)T)?(\d\d):(\d\d)(?::(\d\d))?$")


def moment(text, day):
    """08:00, +1T08:00:30 or a whole RFC 3339 time, as RFC 3339 in UTC."""
    short = MOMENT.match(text)
    if short:
        days, hour, minute, second = (int(part or 0) for part in short.groups())
        at = datetime.datetime.combine(datetime.date.fromisoformat(day), datetime.time())
        at += datetime.timedelta(days=days, hours=hour, minutes=minute, seconds=second)
        at = at.replace(tzinfo=datetime.timezone.utc)
    else:
        at = datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
    return at.astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def reading(text, day):
    """'g1 08:00 glucose 3.4 mmol/L received=09:00 flags=manual,corrected' as a line of a file."""
    identity, at, code, value, unit, *rest = text.split()
    line = {"at": moment(at, day), "code": code, "value": value, "unit": unit}
    if identity != "-":
        line["id"] = identity
    for name, value in (part.split("=", 1) for part in rest):
        line[name] = {"received": lambda v: moment(v, day), "flags": lambda v: v.split(","),
                      "reading": str}[name](value)
    return line


def expectation(text, day):
    """'09:30 raised P3 low g1 g2 at=08:00 late unconfirmed' as a line of replay's output."""
    told, transition, *rest = text.split()
    line = {"told": moment(told, day), "transition": transition}
    line["at"] = line["told"]
    if rest and re.fullmatch("P[123]", rest[0]):
        line["priority"] = rest.pop(0)
    line["rule"] = rest.pop(0)
    line["inputs"] = []
    for word in rest:
        if word.startswith("at="):
            line["at"] = moment(word[3:], day)
        elif word == "late":
            line["late"] = True
        elif word in ("confirmed", "unconfirmed"):
            line["confirmed"] = word == "confirmed"
        elif word == "loosely":
            line["loosely"] = True
        elif word.startswith("why~"):
            line["why"] = word[4:]
        else:
            line["inputs"].append(word)
    return line


def document(rule):
    """A story names only what it is about; the rest of a document is filled in."""
    if isinstance(rule, str):
        return json.loads((TEMPLATES / f"{rule}.json").read_text(encoding="utf-8"))
    levels = [{**LEVEL, **level} for level in rule["levels"]]
    return {**RULE, **rule, "levels": levels}


def context(story, day):
    """Times of a story's context may be short too."""
    def lengthen(value):
        if isinstance(value, dict):
            return {k: moment(v, day) if k in ("from", "until", "effective_from") else lengthen(v)
                    for k, v in value.items()}
        return [lengthen(v) for v in value] if isinstance(value, list) else value
    return {"format": 1, **lengthen(story["context"])}


def difference(expected, told):
    """None if they agree. `why` is looked at only where the story names a part of it."""
    if len(expected) != len(told):
        return "another number of lines"
    for want, have in zip(expected, told):
        have = dict(have)
        why = have.pop("why", "")
        want = dict(want)
        if want.pop("why", "") not in why:
            return f"why: {why}"
        if want.pop("loosely", False):
            for name in ("at", "inputs", "late", "confirmed"):
                want.pop(name, None)
                have.pop(name, None)
        for name in ("at", "told"):
            if name in have:
                have[name] = have[name].replace(".000Z", "Z")
        if want != have:
            return f"expected {json.dumps(want)}, told {json.dumps(have)}"
    return None


class Teller:
    def __init__(self, program, directory):
        self.program, self.directory = program, directory
        schema = lambda name: jsonschema.Draft202012Validator(
            json.loads((ROOT / f"rules/schema/{name}.schema.json").read_text(encoding="utf-8")))
        self.line_schema, self.context_schema = schema("reading-line"), schema("context")

    def fault_of(self, story, rules):
        """What is wrong with a story, as text; None: it is told as expected."""
        day = story.get("day", "2026-11-24")
        names = story["rules"]
        documents = [document(rules.get(n, n) if isinstance(n, str) else n) for n in names]
        lines = [reading(text, day) for text in story["readings"]]
        command = [self.program, "rules", "replay"]
        for name, text in (("rules", json.dumps(documents)),
                           ("readings", "".join(json.dumps(line) + "\n" for line in lines))):
            command += [f"--{name}", self.file(name, text)]
        for line in lines:
            self.line_schema.validate(line)
        if "context" in story:
            whole = context(story, day)
            self.context_schema.validate(whole)
            command += ["--context", self.file("context", json.dumps(whole))]
        for name in ("from", "until"):
            if name in story:
                command += [f"--{name}", moment(story[name], day)]
        ran = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        if "refused" in story:
            if ran.returncode == 1 and story["refused"] in ran.stderr:
                return None
            return f"not refused: exit {ran.returncode}: {ran.stderr}"
        if ran.returncode != 0:
            return f"exit {ran.returncode}: {ran.stderr.strip()}"
        told = [json.loads(line) for line in ran.stdout.splitlines()]
        fault = difference([expectation(text, day) for text in story["expect"]], told)
        return fault and fault + "\n    " + ran.stdout.strip().replace("\n", "\n    ")

    def file(self, name, text):
        path = self.directory / f"{name}.json"
        path.write_text(text, encoding="utf-8")
        return str(path)


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--program", required=True)
    arguments.add_argument("--only", default="", help="stories whose name holds this")
    options = arguments.parse_args()
    faults, count = [], 0
    with tempfile.TemporaryDirectory(prefix="vardnav-stories-") as directory:
        teller = Teller(options.program, pathlib.Path(directory))
        for path in sorted(STORIES.glob("*.json")):
            told = json.loads(path.read_text(encoding="utf-8"))
            for story in told["stories"]:
                if options.only not in story["name"]:
                    continue
                count += 1
                fault = teller.fault_of(story, told.get("rules", {}))
                if fault:
                    faults.append(f"{path.name}: {story['name']}: {fault}")
    print("\n".join(faults))
    print(f"{count} stories, {len(faults)} not as expected")
    return 1 if faults or not count else 0


if __name__ == "__main__":
    sys.exit(main())
