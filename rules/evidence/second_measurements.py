# SPDX-FileCopyrightText: 2026 The Vardnav authors
# SPDX-License-Identifier: Apache-2.0
"""The gate on generated second measurements: the diaries have hardly any of their own.

Every glucose of 54 to 69 mg/dL of the electronic diaries is a first measurement. Of ten patients
asked, seven measure again after 5 to 15 minutes, one too early, and two not at all. What the second
shows is the first, moved by the error of both measurements: normal, with a standard deviation of
7.65 mg/dL each, so that 95 % are within the 15 mg/dL that ISO 15197:2013 allows; no treatment
between. What the gate must tell follows from the words alone (expected()), and is held against what
the replay tells."""
import datetime
import json
import math
import random

import comparators
from report import Table

SEED = 1994
SIGMA = 7.65 * math.sqrt(2)
START = datetime.datetime(2026, 1, 1, 8, 0, tzinfo=datetime.timezone.utc)
GATE_ENDS = 15 * 60
OUTCOMES = ("P1 at once", "P3 confirmed", "dismissed", "P3 unconfirmed")


def generated(people):
    """(first, seconds until the second or None, second) for each first measurement."""
    source = random.Random(SEED)
    for person in people:
        for line in person.readings:
            if person.is_nominal or not line["value"].isdigit() or not 54 <= int(line["value"]) < 70:
                continue
            first = int(line["value"])
            chance = source.random()
            second = max(20, round(source.gauss(first, SIGMA)))
            if chance < 0.7:
                yield first, source.randint(5 * 60, GATE_ENDS), second
            elif chance < 0.8:
                yield first, source.randint(30, 5 * 60 - 1), second
            else:
                yield first, None, None


def expected(after, second):
    """What is told, and how many seconds after the first measurement."""
    if after is not None and second < 54:
        return "P1 at once", after  # it knows no gate
    if after is None or after < 5 * 60:
        return "P3 unconfirmed", GATE_ENDS
    return ("P3 confirmed" if second < 70 else "dismissed"), after


def outcome_of(line):
    if line["transition"] == "dismissed":
        return "dismissed"
    if line["priority"] == "P1":
        return "P1 at once"
    return "P3 confirmed" if line["confirmed"] else "P3 unconfirmed"


def table(replayer):
    """One file of pairs, a day apart, with a good measurement an hour after each."""
    readings, pairs = [], list(generated(replayer.people))
    add = lambda identity, at, value: readings.append(  # noqa: E731
        {"id": identity, "at": at.isoformat(), "code": "glucose", "value": str(value),
         "unit": "mg/dL"})
    for n, (first, after, second) in enumerate(pairs):
        at = START + datetime.timedelta(days=n)
        add(f"{n}-1", at, first)
        if after is not None:
            add(f"{n}-2", at + datetime.timedelta(seconds=after), second)
        add(f"{n}-3", at + datetime.timedelta(hours=1), 120)
    text = "".join(json.dumps(line) + "\n" for line in readings)
    told = {}
    for line in replayer.told(comparators.low_with(comparators.CLEAR_LOW, 0, "remeasure"),
                              replayer.write("seconds.ndjson", text)):
        if line["transition"] in ("raised", "dismissed"):
            at = datetime.datetime.fromisoformat(line["told"].replace("Z", "+00:00"))
            told.setdefault((at - START).days, []).append(
                (outcome_of(line), (at - START).seconds))
    result = Table("The gate's outcome", "Expected", "Told so, at that second", "Share")
    right = dict.fromkeys(OUTCOMES, 0)
    wanted = dict.fromkeys(OUTCOMES, 0)
    for n, (_, after, second) in enumerate(pairs):
        want = expected(after, second)
        wanted[want[0]] += 1
        right[want[0]] += told.get(n) == [want]
    for outcome in OUTCOMES:
        result.row(outcome, str(wanted[outcome]), str(right[outcome]),
                   f"{100 * wanted[outcome] / len(pairs):.0f} %")
    result.row("all", str(len(pairs)), str(sum(right.values())), "100 %")
    return result
