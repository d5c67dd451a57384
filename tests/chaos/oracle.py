# SPDX-FileCopyrightText: 2026 The Vardnav authors
# SPDX-License-Identifier: Apache-2.0
"""What should have been told: `vardnavctl rules replay` over every reading in the order it was
measured, none late, none twice. What lasts of what was really told (rule, transition, priority,
event time, newest reading), less what was taken back, must be the same both ways. The readings are
held to what the virtual home measured first (wrong_values), so that the oracle may go by them."""
import collections
import json
import pathlib

from stack import ROOT, RULE_SETS, run

LASTING = ("raised", "worsened", "cleared")


def newest_revisions(bodies):
    """Observations as the wire has them, the newest revision of each, in event order."""
    newest = {}
    for one in map(json.loads, bodies):
        key = (one["reading"], one["code"])
        if key not in newest or newest[key]["revision"] < one["revision"]:
            newest[key] = one
    return sorted(newest.values(), key=lambda one: (one["at"], one["reading"], one["code"]))


def wrong_values(observations, measured):
    """How many have another value than was measured; `measured`: (device, record number) → value."""
    return sum(1 for one in observations if one["value"] != measured.get(
        (one["device"], one.get("record_number")), one["value"]))


def _lines(observations):
    for one in observations:
        yield {"id": f"{one['reading']}-{one['code']}", "reading": one["reading"], "at": one["at"],
               **{name: one[name] for name in ("code", "value", "unit", "flags")}}


def _context(registry):
    """Of the one patient, as the backend gives it to the hub."""
    (patient,) = registry["patients"]
    return {"can_remeasure": False, **patient["context"]}


def expected(stack, observations, until):
    """What a replay tells, until the hub's clock stood still."""
    folder = stack.folder / "oracle"
    rules = folder / "rules"
    rules.mkdir(parents=True, exist_ok=True)
    for template in {name for names in RULE_SETS.values() for name in names}:
        (rules / template).write_bytes((ROOT / "rules/templates" / template).read_bytes())
    readings, context = folder / "readings.ndjson", folder / "context.json"
    readings.write_text("".join(json.dumps(line) + "\n" for line in _lines(observations)))
    registry = json.loads((ROOT / "tests/demo/registry.json").read_text())
    context.write_text(json.dumps(_context(registry)))
    told = run([stack.bin / "vardnavctl", "rules", "replay", "--rules", rules, "--readings",
                readings, "--context", context, "--until", until])
    return lasting({**line, "inputs": [name.rsplit("-", 1)[0] for name in line["inputs"]]}
                   for line in map(json.loads, told.splitlines()))


def lasting(verdicts):
    """As text, to be printed: what was told and not taken back."""
    balance = collections.Counter()
    for one in verdicts:
        what = one.get("withdraws", one["transition"])
        if what not in LASTING:
            continue
        line = " ".join((one["rule"], what, one.get("priority", ""), one["at"],
                         "by", *one["inputs"][:1]))
        balance[line] += -1 if one["transition"] == "withdrawn" else 1
    return {line for line, times in balance.items() if times > 0}
