#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Vardnav authors
# SPDX-License-Identifier: Apache-2.0
"""Holds the shipped templates against the published schema with a validator that is not ours
(Debian's python3-jsonschema), and the schema against documents that it must refuse."""
import copy
import json
import pathlib
import sys

import jsonschema

RULES = pathlib.Path(__file__).resolve().parents[2] / "rules"
LIMIT = ["levels", 0, "when", "limits", 0]
WRONG = [  # (template, path, value; None removes the member)
    ("glucose-low", ["format"], 2),
    ("glucose-low", ["source"], None),
    ("glucose-low", ["cleer"], {}),
    ("glucose-low", ["signal"], "sugar"),
    ("glucose-low", ["levels"], []),
    ("glucose-low", ["levels", 0, "priority"], "P0"),
    ("glucose-low", ["levels", 0, "when", "is"], "<"),
    ("glucose-low", ["levels", 0, "when", "within"], {"value": "72", "unit": "h"}),
    ("glucose-low", LIMIT + ["value"], 70),
    ("glucose-low", LIMIT + ["value"], "7e1"),
    ("glucose-low", LIMIT + ["unit"], "mg/dl"),
    ("glucose-low", LIMIT + ["unit"], None),
    ("weight-gain", ["levels", 0, "when", "within", "value"], "0.5"),
    ("weight-gain", ["levels", 0, "when", "first_of_day_before"], "noon"),
    ("fev1-fall", ["levels", 0, "when", "prescribed"], None),
]


def main():
    faults = []
    schema = json.loads((RULES / "schema/rule.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    templates = {path.stem: json.loads(path.read_text(encoding="utf-8"))
                 for path in sorted((RULES / "templates").glob("*.json"))}
    for name, document in templates.items():
        faults += [f"{name}: {e.json_path}: {e.message}" for e in validator.iter_errors(document)]
        if document["id"] != name:
            faults.append(f"{name}: its id is {document['id']}")
    for name, path, value in WRONG:
        document = copy.deepcopy(templates[name])
        target = document
        for step in path[:-1]:
            target = target[step]
        if value is None:
            del target[path[-1]]
        else:
            target[path[-1]] = value
        if validator.is_valid(document):
            faults.append(f"the schema takes {name} with {path} = {value!r}")
    print("\n".join(faults) if faults else f"{len(templates)} templates, {len(WRONG)} wrong ones")
    return 1 if faults or len(templates) < 3 else 0


if __name__ == "__main__":
    sys.exit(main())
