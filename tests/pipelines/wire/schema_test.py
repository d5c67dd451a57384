#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Vardnav authors
# SPDX-License-Identifier: Apache-2.0
"""Holds the examples against the published schemas with a validator that is not ours (Debian's
python3-jsonschema), and the AsyncAPI document against both. The codec's own test writes the same
examples back, so what the codec writes is what the schemas describe."""
import copy
import json
import pathlib
import sys

import jsonschema
import yaml

WIRE = pathlib.Path(__file__).resolve().parents[3] / "pipelines" / "wire"
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


def changed(document, path, value):
    document = copy.deepcopy(document)
    target = document
    for step in path[:-1]:
        target = target[step]
    if value is None:
        del target[path[-1]]
    else:
        target[path[-1]] = value
    return document


def pointed(document, pointer):
    for step in pointer.strip("/").split("/"):
        document = document[step]
    return document


def check_refs(node, root, faults):
    """Every $ref of the AsyncAPI document leads somewhere."""
    for key, value in node.items() if isinstance(node, dict) else enumerate(node):
        if key == "$ref":
            file, _, pointer = value.partition("#")
            try:
                target = load(WIRE / file) if file else root
                if pointer:
                    pointed(target, pointer)
            except (OSError, KeyError) as error:
                faults.append(f"asyncapi.yaml: {value} leads nowhere ({error})")
        elif isinstance(value, (dict, list)):
            check_refs(value, root, faults)


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

    document = yaml.safe_load((WIRE / "asyncapi.yaml").read_text(encoding="utf-8"))
    check_refs(document, document, faults)
    channels = {name.rsplit("/", 1)[1] for name in document["channels"]}
    if channels != set(SCHEMA_OF):
        faults.append(f"asyncapi.yaml has the channels {sorted(channels)}")
    for name, channel in document["channels"].items():
        operation = channel["publish" if "/down/" in name else "subscribe"]
        message = pointed(document, operation["message"]["$ref"][1:])
        expected = f"./schemas/{SCHEMA_OF[name.rsplit('/', 1)[1]]}.json"
        if message["payload"]["$ref"] != expected:
            faults.append(f"asyncapi.yaml: {name} does not carry {expected}")

    print("\n".join(faults) if faults else f"{len(examples)} examples, {len(WRONG)} wrong ones")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
