#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Vardnav authors
# SPDX-License-Identifier: Apache-2.0
"""Holds asyncapi.yaml to the schemas that AsyncAPI publishes (npm's @asyncapi/specs, installed by
./dev) with a validator that is not ours, its references to files and places that are there, and
what it says of each channel to the messages' own schemas."""
import json
import pathlib
import sys

import jsonschema
import yaml

from changed import changed

HERE = pathlib.Path(__file__).resolve().parent
WIRE = HERE.parents[2] / "pipelines" / "wire"
SPECS = HERE / "asyncapi" / "node_modules" / "@asyncapi" / "specs"
VERSION = "2.6.0"
SCHEMA_OF = {"alert": "up-message", "reading": "up-message", "receipt": "receipt",
             "status": "status", "config": "envelope"}
FORMAT = {"https://json-schema.org/draft/2020-12/schema":
          "application/schema+json;version=draft-2020-12"}
ALERT = ["channels", "vardnav/1/{hub}/up/alert", "subscribe"]
# What AsyncAPI's schemas must refuse: (path, value; None removes the member).
WRONG = [
    (["asyncapi"], "2.7.0"),
    (["info", "version"], None),
    (["servers", "broker", "protocol"], None),
    (["defaultContentType"], 5),
    (["components", "securitySchemes", "certificate", "type"], "X508"),
    (["components", "messages", "alerts", "schemaFormt"], "x"),
    (["components", "messages", "alerts", "schemaFormat"], 7),
    ([*ALERT, "retained"], True),
    ([*ALERT, "bindings", "mqtt", "qos"], "1"),
    ([*ALERT, "bindings", "mqtt", "retained"], False),
]


class Within(jsonschema.RefResolver):
    """A schema that names only places of its own: what Debian 12's validator does with others
    stumbles over the property `$id` of the JSON Schema inside it."""

    def resolve(self, ref):
        return ref, self.resolve_fragment(self.referrer, ref.removeprefix("#"))


def load(path):
    return json.loads(path.read_text(encoding="utf-8"))


def published(path):
    schema = load(SPECS / path)
    return jsonschema.Draft7Validator(schema, resolver=Within("", schema))


def operations(document):
    for name, channel in document["channels"].items():
        for kind in ("publish", "subscribe"):
            if kind in channel:
                yield name, kind, channel[kind]


def refusals(document):
    """Of AsyncAPI's own schemas; of bindings by the version that they name."""
    whole = published(f"schemas/{VERSION}-without-$id.json")
    faults = [f"{error.json_path}: {error.message}" for error in whole.iter_errors(document)]
    for name, kind, operation in operations(document):
        binding = operation["bindings"]["mqtt"]
        validator = published(f"bindings/mqtt/{binding['bindingVersion']}/operation.json")
        faults += [f"{name} {kind} {error.json_path}: {error.message}"
                   for error in validator.iter_errors(binding)]
    return faults


def pointed(document, pointer):
    for step in pointer.strip("/").split("/"):
        document = document[step]
    return document


def check_refs(node, root, faults):
    """Every $ref leads somewhere."""
    for key, value in node.items() if isinstance(node, dict) else enumerate(node):
        if key == "$ref":
            file, _, pointer = value.partition("#")
            try:
                target = load(WIRE / file) if file else root
                if pointer:
                    pointed(target, pointer)
            except (OSError, KeyError) as error:
                faults.append(f"{value} leads nowhere ({error})")
        elif isinstance(value, (dict, list)):
            check_refs(value, root, faults)


def check_channels(document, faults):
    channels = {name.rsplit("/", 1)[1] for name in document["channels"]}
    if channels != set(SCHEMA_OF):
        faults.append(f"it has the channels {sorted(channels)}")
    for name, kind, operation in operations(document):
        if kind != ("publish" if "/down/" in name else "subscribe"):
            faults.append(f"{name}: {kind} is the wrong way")
        message = pointed(document, operation["message"]["$ref"][1:])
        expected = f"./schemas/{SCHEMA_OF[name.rsplit('/', 1)[1]]}.json"
        if message["payload"]["$ref"] != expected:
            faults.append(f"{name} does not carry {expected}")
        elif message.get("schemaFormat") != FORMAT[load(WIRE / expected)["$schema"]]:
            faults.append(f"{name}: schemaFormat is not that of {expected}")


def main():
    if not SPECS.exists():
        print(f"{SPECS} is not there: ./dev test installs it")
        return 1
    document = yaml.safe_load((WIRE / "asyncapi.yaml").read_text(encoding="utf-8"))
    faults = refusals(document)
    for path, value in WRONG:
        if not refusals(changed(document, path, value)):
            faults.append(f"AsyncAPI's schemas take {path} = {value!r}")
    check_refs(document, document, faults)
    check_channels(document, faults)
    print("\n".join(f"asyncapi.yaml: {fault}" for fault in faults) if faults
          else f"asyncapi.yaml is of AsyncAPI {VERSION}; {len(WRONG)} wrong ones")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
