#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Vardnav authors
# SPDX-License-Identifier: Apache-2.0
"""Holds the examples against the published schemas with a validator that is not ours (Debian's
python3-jsonschema), and their rules against the shipped templates and the hash and loader that the
product has. The codec's own test writes the same examples back, so what the codec writes is what
the schemas describe; that a hub applies them: tests/hub/app/contract_examples_test.cpp."""
import hashlib
import json
import pathlib
import subprocess
import sys
import tempfile

import jsonschema

from changed import changed

ROOT = pathlib.Path(__file__).resolve().parents[3]
WIRE = ROOT / "pipelines" / "wire"
SCHEMA_OF = {"alert": "up-message", "reading": "up-message", "receipt": "receipt",
             "status": "status", "config": "envelope"}
# What travels inside another message: (example of the document, schema).
INSIDE = {"configuration": "configuration"}
# What the schemas must refuse: (example, path, value; None removes the member).
WRONG = [
    ("reading", ["version"], 2),
    ("reading", ["hub"], "Hub/1"),
    ("reading", ["items", 0, "sequence"], 0),
    ("reading", ["items", 0, "observations"], []),
    ("reading", ["items", 0, "observations", 0, "value"], 68),
    ("reading", ["items", 0, "observations", 0, "value"], "6.8e1"),
    ("reading", ["items", 0, "observations", 0, "unit"], "mg/dl"),
    ("reading", ["items", 0, "observations", 0, "flags"], ["later"]),
    ("reading", ["items", 0, "observations", 0, "at"], "2026-11-24 10:02"),
    ("reading", ["items", 2, "observations", 0, "shown"], {"value": "1", "unit": "mmol/L"}),
    ("alert", ["items", 0, "verdict"], None),
    ("alert", ["items", 0, "verdict", "priority"], "P0"),
    ("alert", ["items", 0, "verdict", "title", "sv"], None),
    ("receipt", ["gaps", 0, "first"], None),
    ("receipt", ["stream"], "status"),
    ("status", ["free_bytes"], -1),
    ("status", ["devices", 0, "device"], ""),
    ("status", ["configuration", "hash"], "abc"),
    ("status", ["faults", 0, "since"], None),
    ("status", ["started_at"], "yesterday"),
    ("status", ["journal", "used_bytes"], None),
    ("status", ["refusals", 0, "count"], -1),
    ("config", ["signature"], "00"),
    ("config", ["payload"], {}),
    ("configuration", ["serial"], 0),
    ("configuration", ["bindings", 0, "device"], "c0:ff:ee:00:00:01"),
    ("configuration", ["bindings", 0, "slot"], 256),
    ("configuration", ["rules", 0, "document"], "text"),
    ("configuration", ["patients", 0, "rules", 0, "hash"], "00"),
    ("configuration", ["patients", 0, "language"], "fi"),
    ("configuration", ["patients", 0, "when_unreached", "en"], None),
    ("configuration", ["messages", 0, "until"], None),
]


def load(path):
    return json.loads(path.read_text(encoding="utf-8"))


def validator(name):
    path = WIRE / "schemas" / f"{name}.json"
    schema = load(path)
    jsonschema.Draft202012Validator.check_schema(schema)
    resolver = jsonschema.RefResolver(path.as_uri(), schema)
    return jsonschema.Draft202012Validator(schema, resolver=resolver)


def canonical(document):
    """RFC 8785, for documents whose only numbers are small integers."""
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def check_rules(program, examples, faults):
    """Rules of the configuration: shipped ones, by their true hashes, which the product takes."""
    carried = {rule["hash"]: rule["document"] for rule in examples["configuration"]["rules"]}
    for digest, document in carried.items():
        name = document["id"]
        if digest != hashlib.sha256(canonical(document)).hexdigest():
            faults.append(f"configuration.json: {digest} is not the hash of {name}")
        if document != load(ROOT / "rules" / "templates" / f"{name}.json"):
            faults.append(f"configuration.json: {name} is not the shipped one")
        with tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as file:
            json.dump(document, file)
            file.flush()
            check = subprocess.run([program, "rules", "check", file.name], capture_output=True,
                                   text=True, timeout=20, check=False)
        if check.returncode != 0:
            faults.append(f"configuration.json: {name} is refused: {check.stderr or check.stdout}")
    for patient in examples["configuration"]["patients"]:
        for rule in patient["rules"]:
            if rule["hash"] not in carried:
                faults.append(f"configuration.json: no rule has the hash {rule['hash']}")
    for item in examples["alert"]["items"]:
        digest = item["verdict"]["rule_hash"]
        if digest not in carried or carried[digest]["id"] != item["verdict"]["rule"]:
            faults.append(f"alert.json: {digest} is no rule of configuration.json")


def main():
    faults = []
    schema_of = {**SCHEMA_OF, **INSIDE}
    validators = {name: validator(name) for name in set(schema_of.values())}
    examples = {path.stem: load(path) for path in sorted((WIRE / "examples").glob("*.json"))}
    if set(examples) != set(schema_of):
        faults.append(f"examples are {sorted(examples)}, expected {sorted(schema_of)}")
    if json.loads(examples["config"]["payload"]) != examples["configuration"]:
        faults.append("config.json carries another document than configuration.json")
    for name, document in examples.items():
        for error in validators[schema_of[name]].iter_errors(document):
            faults.append(f"{name}.json: {error.json_path}: {error.message}")
    for name, path, value in WRONG:
        if validators[schema_of[name]].is_valid(changed(examples[name], path, value)):
            faults.append(f"{schema_of[name]} takes {name}.json with {path} = {value!r}")

    check_rules(sys.argv[1], examples, faults)
    print("\n".join(faults) if faults else f"{len(examples)} examples, {len(WRONG)} wrong ones")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
