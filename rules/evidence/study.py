#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Vardnav authors
# SPDX-License-Identifier: Apache-2.0
"""Replays the glucose templates and what they are compared with over the AIM-94 diaries, and writes
glucose.md. `./dev study` runs it; a test runs it with --check, which compares instead of writing.

Everything is deterministic: the replay by its nature, resampling and generated measurements by a
fixed seed."""
import argparse
import datetime
import json
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import aim94  # noqa: E402
import comparators  # noqa: E402
import second_measurements  # noqa: E402
from report import Table, interval, report  # noqa: E402

TEMPLATES = HERE.parent / "templates"
REPORT = HERE / "glucose.md"
CONTEXT = {"format": 1, "facts": {"insulin-or-sulphonylurea": True}}
NEAR = datetime.timedelta(hours=2)
AGAIN = datetime.timedelta(hours=4)
LOW, HIGH = 70, 180


def time_of(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


def number_of(value):
    return {"LO": 0, "HI": 1000}.get(value) if value in ("LO", "HI") else int(value)


class Alert:
    def __init__(self, told, at, rule, priority, value):
        self.told, self.at, self.rule, self.priority = told, at, rule, priority
        self.is_low = value < LOW


class Replayer:
    """vardnavctl rules replay, once for each person and set of rules."""

    def __init__(self, program, directory, people):
        self.program, self.directory, self.people = program, pathlib.Path(directory), people
        self.context = self.write("context.json", json.dumps(CONTEXT))
        self.files = {p.name: self.write(f"{p.name}.ndjson", lines(p.readings)) for p in people}

    def write(self, name, text):
        path = self.directory / name
        path.write_text(text, encoding="utf-8")
        return str(path)

    def told(self, documents, readings_file):
        rules = self.write("rules.json", json.dumps(documents))
        ran = subprocess.run([self.program, "rules", "replay", "--rules", rules, "--readings",
                              readings_file, "--context", self.context],
                             capture_output=True, text=True, timeout=120, check=False)
        if ran.returncode != 0:
            raise SystemExit(f"replay failed: {ran.stderr.strip()}")
        return [json.loads(line) for line in ran.stdout.splitlines()]

    def alerts(self, documents):
        """By person."""
        result = {}
        for person in self.people:
            values = {line["id"]: number_of(line["value"]) for line in person.readings}
            result[person.name] = [
                Alert(time_of(line["told"]), time_of(line["at"]), line["rule"], line["priority"],
                      values[line["inputs"][0]])
                for line in self.told(documents, self.files[person.name])
                if line["transition"] in ("raised", "worsened")]
        return result


def lines(readings):
    return "".join(json.dumps(line) + "\n" for line in readings)


def without_memory(people, red_and_yellow):
    """Every reading beyond a limit is one alert."""
    result = {}
    for person in people:
        result[person.name] = []
        for line in person.readings:
            priority = comparators.beyond(line["value"], red_and_yellow)
            if priority:
                at = time_of(line["at"])
                result[person.name].append(Alert(at, at, "-", priority, number_of(line["value"])))
    return result


class Figures:
    """What the report says of one set of rules, each a ratio of sums over persons."""

    def __init__(self, people, alerts):
        self.people, self.by_person = people, alerts
        self.is_needless = {p.name: needless(p, alerts[p.name]) for p in people}

    def rate(self, choose):
        """Alerts per patient-week."""
        return interval([(sum(map(choose, self.by_person[p.name])), p.days() / 7)
                         for p in self.people])

    def needless(self, choose=lambda alert: True):
        pairs = []
        for p in self.people:
            chosen = [n for a, n in zip(self.by_person[p.name], self.is_needless[p.name])
                      if choose(a)]
            pairs.append((sum(chosen), len(chosen)))
        return interval(pairs)

    def symptoms(self, is_after_allowed, may_count=lambda person, at: True):
        """Share of recorded symptoms that a low alert preceded, or met."""
        pairs = []
        for p in self.people:
            times = [a.told for a in self.by_person[p.name] if a.is_low]
            counted = [t for t in map(time_of, p.symptoms()) if may_count(p, t)]
            found = sum(any(t - NEAR <= told <= (t + NEAR if is_after_allowed else t)
                            for told in times) for t in counted)
            pairs.append((found, len(counted)))
        return interval(pairs)


def needless(person, alerts):
    """For each alert, whether it is needless as the report defines it."""
    symptoms = [time_of(t) for t in person.symptoms()]
    readings = [(time_of(line["at"]), number_of(line["value"])) for line in person.readings]
    verdicts = []
    for n, alert in enumerate(alerts):
        is_again = any(before.is_low == alert.is_low and before.priority <= alert.priority
                       and alert.told - before.told <= AGAIN for before in alerts[:n])
        following = [value for at, value in readings if alert.at < at <= alert.at + NEAR]
        is_over = (alert.priority != "P1" and bool(following)
                   and LOW <= following[0] <= HIGH
                   and not any(abs(alert.at - t) <= NEAR for t in symptoms))
        verdicts.append(is_again or is_over)
    return verdicts


def has_reading_near(below):
    """Whether a symptom has a reading below a value within two hours: else no rule can know."""
    def test(person, at):
        return any(abs(time_of(line["at"]) - at) <= NEAR and number_of(line["value"]) < below
                   for line in person.readings)
    return test


def glucose_templates():
    """The shipped documents that glucose alone can fire."""
    documents = []
    for path in sorted(TEMPLATES.glob("*.json")):
        text = path.read_text(encoding="utf-8")
        document = json.loads(text)
        signals = set(find(document, "signal")) | set(sum(find(document, "signals"), []))
        if signals == {"glucose"} and "schedule" not in document and not find(document, "absent"):
            documents.append(document)
    return documents


def find(value, name):
    """Every member of that name, at any depth."""
    if isinstance(value, list):
        return sum((find(v, name) for v in value), [])
    if not isinstance(value, dict):
        return []
    here = [value[name]] if name in value else []
    return here + sum((find(v, name) for v in value.values()), [])


def comparison_rows(replayer, people, templates):
    named = [("plain limits, no memory", without_memory(people, False)),
             ("four levels, no memory", without_memory(people, True))]
    for name, make in (("plain limits", comparators.plain),
                       ("four levels", comparators.four_levels)):
        for hysteresis in (False, True):
            for cool_down in (False, True):
                extra = [w for w, on in (("hysteresis", hysteresis), ("cool-down", cool_down)) if on]
                named.append((f"{name}, raised once" + "".join(f" + {w}" for w in extra),
                              replayer.alerts(make(hysteresis, cool_down))))
    named.append(("**shipped templates**", replayer.alerts(templates)))
    return [(name, Figures(people, alerts)) for name, alerts in named]


def write_report(program, directory):
    people = aim94.persons()
    replayer = Replayer(program, directory, people)
    templates = glucose_templates()
    shipped = Figures(people, replayer.alerts(templates))
    electronic = [p for p in people if not p.is_nominal]
    nominal = [p for p in people if p.is_nominal]

    by_rule = Table("Rule", "Priority", "All", "Electronic stamps", "Nominal times")
    for rule in sorted({a.rule for alerts in shipped.by_person.values() for a in alerts}):
        for priority in ("P1", "P2", "P3"):
            choose = lambda a: a.rule == rule and a.priority == priority  # noqa: E731
            if shipped.rate(choose).count:
                by_rule.row(rule, priority, *(Figures(g, shipped.by_person).rate(choose)
                                              for g in (people, electronic, nominal)))
    for priority in ("P1", "P2", "P3"):
        choose = lambda a: a.priority == priority  # noqa: E731
        by_rule.row("all", priority, *(Figures(g, shipped.by_person).rate(choose)
                                       for g in (people, electronic, nominal)))

    against = Table("Rules", "P1", "P2", "P3", "Symptoms preceded", "Preceded or met", "Needless")
    for name, figures in comparison_rows(replayer, people, templates):
        against.row(name, *(figures.rate(lambda a, p=p: a.priority == p)
                            for p in ("P1", "P2", "P3")),
                    figures.symptoms(False), figures.symptoms(True), figures.needless())

    ceiling = Table("Symptoms", "How many", "Preceded", "Preceded or met")
    for name, test in (("all", lambda p, t: True),
                       ("with a reading within 2 h", has_reading_near(1001)),
                       ("with one below 70 mg/dL within 2 h", has_reading_near(LOW))):
        met = shipped.symptoms(True, test)
        ceiling.row(name, met.total, shipped.symptoms(False, test), met)

    clear = Table("Clears from, mg/dL", "Cool-down, h", "P1", "P3", "Needless", "Preceded or met")
    for limit in (None, ("75", "4.2"), ("80", "4.5"), ("85", "4.8"), ("95", "5.3")):
        for hours in (0, 2, 4, 8):
            figures = Figures(people, replayer.alerts(comparators.low_with(limit, hours)))
            clear.row(limit[0] if limit else "70 (none)", str(hours),
                      figures.rate(lambda a: a.priority == "P1"),
                      figures.rate(lambda a: a.priority == "P3"), figures.needless(),
                      figures.symptoms(True))

    high = Table("Above 250 mg/dL", "Spacing, h", "Cool-down, h", "P2", "Needless")
    for at_least, of in ((1, 1), (2, 2), (2, 3), (3, 4)):
        for spacing in ((0,) if of == 1 else (0, 2)):
            for hours in (0, 8):
                figures = Figures(people, replayer.alerts(
                    comparators.high_repeated(at_least, of, spacing, hours)))
                high.row(f"{at_least} of {of}", str(spacing), str(hours),
                         figures.rate(lambda a: True), figures.needless())

    gate = second_measurements.table(replayer)
    return report(people, templates, by_rule=by_rule, against=against, ceiling=ceiling, clear=clear,
                  high=high, gate=gate)


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--program", required=True, help="vardnavctl")
    arguments.add_argument("--check", action="store_true", help="compare with glucose.md")
    options = arguments.parse_args()
    with tempfile.TemporaryDirectory(prefix="vardnav-study-") as directory:
        text = write_report(options.program, directory)
    if not options.check:
        REPORT.write_text(text, encoding="utf-8")
        print(f"wrote {REPORT}")
        return 0
    written = REPORT.read_text(encoding="utf-8") if REPORT.exists() else ""
    if written == text:
        return 0
    for n, (old, new) in enumerate(zip(written.splitlines(), text.splitlines()), 1):
        if old != new:
            print(f"{REPORT}:{n}: says\n  {old}\nbut the data say\n  {new}")
            break
    print("the report is not what its data give: run ./dev study and review the difference")
    return 1


if __name__ == "__main__":
    sys.exit(main())
