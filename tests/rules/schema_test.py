#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Vardnav authors
# SPDX-License-Identifier: Apache-2.0
"""Holds the published schema and the loader to each other with a validator that is not ours
(Debian's python3-jsonschema): both take every shipped template, and what the schema refuses of
thousands of damaged ones the loader refuses too. Every member that the schema knows is in a
template or in EXTRA, so that each is really tried."""
import copy
import json
import pathlib
import random
import re
import subprocess
import sys

import jsonschema

RULES = pathlib.Path(__file__).resolve().parents[2] / "rules"
ROUNDS = 60  # damaged copies of each document
WRONG = ["", "x", "0", "-1", "1.5", "24:00", "25:00", "HI", "P4", "h", 0, 1, 2, 17, 1001, 1000001,
         -1, 1.5, True, None, [], ["x"], {}, {"value": "1", "unit": "h"}]
KG = [{"value": "1", "unit": "kg"}]
DAY = {"value": "1", "unit": "d"}
TIMES = {"measure": "value", "signal": "weight", "is": "above", "limits": KG}


def extra(when):
    document = json.loads((RULES / "templates/weight-loss.json").read_text(encoding="utf-8"))
    del document["clear"]
    document["levels"][0]["when"] = when
    return document


def extras():
    """Documents with the words that no template has."""
    base = {"signal": "weight", "is": "above", "limits": KG}
    window = {"elapsed": DAY, "local_days": 2, "readings": 9}
    for when in (
            {"measure": "slope", "window": window, "minimum": 3, "per": DAY, **base},
            {"measure": "moving-average-drift", "window": window, "short": 2, "long": 5, **base},
            {"measure": "median", "window": window, "minimum": 3, **base},
            {"measure": "rise-percent", "window": window, "signal": "weight", "is": "above",
             "limits": [{"value": "5", "unit": "%"}]},
            {"measure": "difference-from-baseline", **base,
             "baseline": {"statistic": "lowest", "window": window, "minimum": 3,
                          "leave_out": {"readings": 1}}},
            {"measure": "value", "signal": "weight", "is": "inside",
             "bands": [{"from": "70", "below": "71", "unit": "kg"}]},
            {"measure": "value", "signal": "weight", "is": "outside",
             "bands": [{"above": "70", "to": "71", "unit": "kg"}]},
            {"not": {"meter_says": ["NaN", "LO"], "signal": "glucose", "pick": "last-of-day",
                     "part": {"from": "08:00", "until": "24:00"}}},
            {"repeated": {"at_least": 2, "window": window, "of": TIMES}},
            {"absent": {"signals": ["weight", "pulse"], "for": DAY}}):
        yield extra(when)
    persists = extra(TIMES)
    persists["levels"][0]["persists_for"] = DAY
    persists["$schema"] = "rule.schema.json"
    yield persists


def examples():
    """Every example of README.md's part on documents: whole ones, and conditions."""
    text = (RULES / "README.md").read_text(encoding="utf-8")
    part = text[text.index("## Rule documents"):text.index("## Readings files")]
    for block in re.findall(r"```json\n(.*?)```", part, re.S):
        example = json.loads(block)
        yield example if "format" in example else extra(example)


def places(value, path=()):
    """Every place of a document."""
    yield path
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from places(inner, path + (name,))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from places(inner, path + (index,))


def damaged(document, dice):
    copied = copy.deepcopy(document)
    path = dice.choice([p for p in places(document) if p])
    target = copied
    for step in path[:-1]:
        target = target[step]
    what = dice.randrange(4)
    if what == 0:
        del target[path[-1]]
    elif what == 1 and isinstance(target, dict):
        target["x" + str(path[-1])] = 1
    elif what == 2 and isinstance(target, list):
        target.extend(copy.deepcopy(target) * 4)
    else:
        target[path[-1]] = dice.choice(WRONG)
    return copied


def loader(tool, documents):
    lines = "".join(json.dumps(document) + "\n" for document in documents)
    done = subprocess.run([tool], input=lines, capture_output=True, text=True, check=True)
    said = done.stdout.splitlines()
    assert len(said) == len(documents), (len(said), len(documents))
    return said


def words(schema):
    """Every member that the schema knows, and every word of its lists of words."""
    found = set()
    if isinstance(schema, dict):
        found |= {name for name, inner in schema.get("properties", {}).items() if inner is not False}
        found |= {word for word in schema.get("enum", []) if isinstance(word, str)}
        found |= {schema["const"]} if isinstance(schema.get("const"), str) else set()
        for inner in schema.values():
            found |= words(inner)
    elif isinstance(schema, list):
        for inner in schema:
            found |= words(inner)
    return found


def set_faults(templates):
    """The schemas of sets take a set of the templates and refuse what the loader's tests refuse."""
    schemas = {name: json.loads((RULES / f"schema/{name}.schema.json").read_text(encoding="utf-8"))
               for name in ("rule", "rule-set", "signed-rule-set")}
    store = {f"{name}.schema.json": schema for name, schema in schemas.items()}
    resolver = jsonschema.RefResolver("rule-set.schema.json", schemas["rule-set"], store)
    sets = jsonschema.Draft202012Validator(schemas["rule-set"], resolver=resolver)
    envelopes = jsonschema.Draft202012Validator(schemas["signed-rule-set"])
    good = {"format": 1, "id": "all", "version": 1, "title": {"sv": "Alla", "en": "All"},
            "effective_from": "2026-12-01T00:00:00Z", "review_by": "2027-12-01T00:00:00Z",
            "rules": templates}
    envelope = {"version": 1, "payload": json.dumps(good), "signatures": [
        {"role": "author", "key": "0" * 16, "signed_at": "2026-11-26T12:00:00Z",
         "signature": "0" * 128}]}
    faults = [f"set: {e.json_path}: {e.message[:200]}" for e in sets.iter_errors(good)]
    faults += [f"envelope: {e.json_path}: {e.message}" for e in envelopes.iter_errors(envelope)]
    faults += [f"the schema takes a set with {name} = {value!r}" for name, value in (
        ("rules", []), ("rules", [{}]), ("review_by", "2027"), ("extra", 1), ("format", 2))
        if sets.is_valid({**good, name: value})]
    return faults


def main(tool):
    faults = []
    schema = json.loads((RULES / "schema/rule.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    templates = [json.loads(path.read_text(encoding="utf-8"))
                 for path in sorted((RULES / "templates").glob("*.json"))]
    whole = templates + list(extras()) + list(examples())
    for document, said in zip(whole, loader(tool, whole)):
        faults += [f"{document['id']}: {e.json_path}: {e.message}"
                   for e in validator.iter_errors(document)]
        if said != "ok":
            faults.append(f"{document['id']}: the loader says {said}")
    faults += set_faults(templates)
    text = "\n".join(json.dumps(document) for document in whole)
    units = {"[lb_av]", "mL", "L/s", "L", "L/min"}
    other = {"fev6", "fev1_fvc", "map", "body_fat", "highest", "lowest-of-day", "highest-of-day",
             "insulin-or-sulphonylurea", "weekdays", "mon", "tue", "wed", "thu", "fri", "sat",
             "sun", "median", "fall-percent", "patient"} | units
    faults += [f"no document here uses {word!r}" for word in sorted(words(schema) - other)
               if f'"{word}"' not in text]
    dice = random.Random(1)
    broken = [damaged(document, dice) for document in whole for _ in range(ROUNDS)]
    refused = 0
    for document, said in zip(broken, loader(tool, broken)):
        if validator.is_valid(document):
            continue
        refused += 1
        if said == "ok":
            error = next(validator.iter_errors(document))
            faults.append(f"only the schema refuses: {error.json_path}: {error.message[:200]}")
    print("\n".join(faults[:20]) if faults else
          f"{len(whole)} documents, {refused} of {len(broken)} damaged ones refused by both")
    return 1 if faults or len(templates) < 20 or refused < len(broken) // 2 else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
