#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Vardnav authors
# SPDX-License-Identifier: Apache-2.0
"""The AIM-94 diabetes diaries as readings files (rules/README.md), one a person.

    aim94.py [--data DIR] --out DIR     writes DIR/<person>.ndjson and DIR/<person>.events.ndjson

A diary has a line an event, tab separated: date MM-DD-YYYY, wall clock H:MM, code, value. Codes 48
and 57-64 are glucose in mg/dL and become readings, `0Hi` and `0Lo` the meter's HI and LO. Insulin
(33-35), symptoms of low glucose (65), meals, exercise and special events (66-72) become lines of
the events file. Codes that the data set does not explain (4, 36, 56), and what cannot be read with
certainty, are left out and counted.

Two things that the files do not say are found out here:
- *Nominal times.* Paper diaries have the time of the meal, or the nearest half hour, not of the
  measurement. A file more than half of whose glucose stamps are full or half hours is one of these;
  its readings carry the flag `manual`.
- *Persons.* Some files go on where another ends, and share its last lines. Files that agree in at
  least half of the lines of the days they share are one person's, and a shared line counts once.
"""
import argparse
import collections
import datetime
import json
import pathlib
import re
import zoneinfo

DATA = pathlib.Path(__file__).resolve().parents[2] / "tests/data/diabetes-aim94"
GLUCOSE = {48, *range(57, 65)}
EVENTS = {33: "insulin-regular", 34: "insulin-nph", 35: "insulin-ultralente",
          65: "hypoglycaemic-symptoms", 66: "meal-typical", 67: "meal-more", 68: "meal-less",
          69: "exercise-typical", 70: "exercise-more", 71: "exercise-less", 72: "special-event"}
SYMPTOMS = "hypoglycaemic-symptoms"
# Wall clock of an unknown zone: read as the product's own, so that days begin at midnight.
ZONE = zoneinfo.ZoneInfo("Europe/Stockholm")
STAMP = re.compile(r"(\d\d)-(\d\d)-(\d{4})\t(\d{1,2}):(\d\d)$")

Event = collections.namedtuple("Event", "at code value line")  # at: naive wall clock


class Diary:
    """One file: events in its own order, and how many lines could not be read."""

    def __init__(self, path):
        self.name = path.name.removeprefix("data-")
        self.events, self.damaged, self.unexplained = [], 0, 0
        lines = path.read_text(encoding="latin-1").splitlines()
        for number, line in enumerate(lines, 1):
            event = event_of(line, number)
            if not event:
                self.damaged += 1
            elif event.code in GLUCOSE or event.code in EVENTS:
                self.events.append(event)
            else:
                self.unexplained += 1
        glucose = [e for e in self.events if e.code in GLUCOSE]
        round_ones = sum(e.at.minute in (0, 30) for e in glucose)
        self.is_nominal = 2 * round_ones > len(glucose)

    def lines_by_day(self):
        days = collections.defaultdict(set)
        for event in self.events:
            days[event.at.date()].add(event[:3])
        return days


def event_of(line, number):
    """None: not to be read with certainty."""
    stamp, _, rest = line.rpartition("\t")
    stamp, _, code = stamp.rpartition("\t")
    match = STAMP.match(stamp)
    if not match or not code.isdigit():
        return None
    month, day, year, hour, minute = map(int, match.groups())
    try:
        at = datetime.datetime(year, month, day, hour, minute)
    except ValueError:
        return None
    code = int(code)
    if code in GLUCOSE:
        value = {"0Hi": "HI", "0Lo": "LO"}.get(rest)
        if not value and rest.isdigit() and 0 < int(rest) <= 999:
            value = str(int(rest))
    else:
        value = rest if re.fullmatch(r"\d+(\.\d+)?", rest) else None
    return Event(at, code, value, number) if value else None


class Person:
    """One or several diaries of one person. Lists are in the order of time, stamps in UTC."""

    def __init__(self, diaries):
        self.name = diaries[0].name
        self.files = [d.name for d in diaries]
        self.is_nominal = diaries[0].is_nominal
        self.damaged = sum(d.damaged for d in diaries)
        self.unexplained = sum(d.unexplained for d in diaries)
        self.shared = 0
        seen, taken = set(), []
        for diary in diaries:
            here = set()
            for event in diary.events:
                key = event[:3]
                # Twice in one file is two events; again in the next file is the same one.
                if key in seen:
                    self.shared += 1
                    continue
                here.add(key)
                taken.append((event, f"{diary.name}-{event.line}"))
            seen |= here
        taken.sort(key=lambda pair: pair[0].at)
        self.readings = [self.reading(e, i) for e, i in taken if e.code in GLUCOSE]
        self.events = [{"id": i, "at": rfc3339(utc(e.at)), "event": EVENTS[e.code],
                        "value": e.value} for e, i in taken if e.code not in GLUCOSE]

    def reading(self, event, identity):
        line = {"id": identity, "at": rfc3339(utc(event.at)), "code": "glucose",
                "value": event.value, "unit": "mg/dL", "device_time": event.at.isoformat()}
        if self.is_nominal:
            line["flags"] = ["manual"]
        return line

    def symptoms(self):
        return [e["at"] for e in self.events if e["event"] == SYMPTOMS]

    def days(self):
        """Local days with at least one glucose reading."""
        return len({line["device_time"][:10] for line in self.readings})


def utc(wall):
    return wall.replace(tzinfo=ZONE).astimezone(datetime.timezone.utc)


def rfc3339(at):
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def is_same_person(one, other):
    a, b = one.lines_by_day(), other.lines_by_day()
    days = a.keys() & b.keys()
    common = sum(len(a[day] & b[day]) for day in days)
    either = sum(min(len(a[day]), len(b[day])) for day in days)
    return common > 0 and 2 * common >= either


def persons(data=DATA):
    groups = []
    for path in sorted(data.glob("data-*")):
        diary = Diary(path)
        mine = [g for g in groups if any(is_same_person(diary, d) for d in g)]
        groups = [g for g in groups if g not in mine] + [sum(mine, []) + [diary]]
    return sorted((Person(g) for g in groups), key=lambda p: p.name)


def write(people, out):
    out.mkdir(parents=True, exist_ok=True)
    for person in people:
        for lines, suffix in ((person.readings, ".ndjson"), (person.events, ".events.ndjson")):
            text = "".join(json.dumps(line) + "\n" for line in lines)
            (out / f"person-{person.name}{suffix}").write_text(text, encoding="utf-8")


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--data", type=pathlib.Path, default=DATA)
    arguments.add_argument("--out", type=pathlib.Path, required=True)
    options = arguments.parse_args()
    people = persons(options.data)
    write(people, options.out)
    for p in people:
        print(f"person-{p.name}: files {'+'.join(p.files)}, {len(p.readings)} glucose on {p.days()} "
              f"days, {len(p.events)} events, {len(p.symptoms())} with symptoms, "
              f"{'nominal' if p.is_nominal else 'electronic'} times, {p.damaged} lines damaged, "
              f"{p.unexplained} unexplained, {p.shared} shared")


if __name__ == "__main__":
    main()
