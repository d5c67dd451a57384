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
PRIORITIES = ("P1", "P2", "P3")
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
        self.contexts = {asked: self.write(f"context-{asked}.json",
                                           json.dumps({**CONTEXT, "can_remeasure": asked}))
                         for asked in (True, False)}
        self.files = {p.name: self.write(f"{p.name}.ndjson", lines(p.readings)) for p in people}

    def write(self, name, text):
        path = self.directory / name
        path.write_text(text, encoding="utf-8")
        return str(path)

    def told(self, documents, readings_file, can_remeasure=True):
        rules = self.write("rules.json", json.dumps(documents))
        ran = subprocess.run([self.program, "rules", "replay", "--rules", rules, "--readings",
                              readings_file, "--context",
                              self.contexts[can_remeasure]],
                             capture_output=True, text=True, timeout=120, check=False)
        if ran.returncode != 0:
            raise SystemExit(f"replay failed: {ran.stderr.strip()}")
        return [json.loads(line) for line in ran.stdout.splitlines()]

    def alerts(self, documents, can_remeasure=True):
        """By person."""
        result = {}
        for person in self.people:
            values = {line["id"]: number_of(line["value"]) for line in person.readings}
            result[person.name] = [
                Alert(time_of(line["told"]), time_of(line["at"]), line["rule"], line["priority"],
                      values[line["inputs"][0]])
                for line in self.told(documents, self.files[person.name], can_remeasure)
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


def is_of(priority):
    return lambda alert: alert.priority == priority


def table_by_rule(shipped, people):
    groups = [people, [p for p in people if not p.is_nominal], [p for p in people if p.is_nominal]]
    figures = [Figures(group, shipped.by_person) for group in groups]
    table = Table("Rule", "Priority", "All", "Electronic stamps", "Nominal times")
    for rule in sorted({a.rule for alerts in shipped.by_person.values() for a in alerts}):
        for priority in PRIORITIES:
            choose = lambda a: (a.rule, a.priority) == (rule, priority)  # noqa: E731
            if shipped.rate(choose).count:
                table.row(rule, priority, *(f.rate(choose) for f in figures))
    for priority in PRIORITIES:
        table.row("all", priority, *(f.rate(is_of(priority)) for f in figures))
    return table


def table_against(replayer, people, shipped, unasked):
    named = [("plain limits, no memory", Figures(people, without_memory(people, False))),
             ("four levels, no memory", Figures(people, without_memory(people, True)))]
    for name, make in (("plain limits", comparators.plain),
                       ("four levels", comparators.four_levels)):
        for hysteresis in (False, True):
            for cool_down in (False, True):
                extra = [w for w, on in (("hysteresis", hysteresis), ("cool-down", cool_down)) if on]
                named.append((f"{name}, raised once" + "".join(f" + {w}" for w in extra),
                              Figures(people, replayer.alerts(make(hysteresis, cool_down)))))
    named += [("**shipped templates**", shipped), ("shipped, nobody can be asked", unasked)]
    table = Table("Rules", "P1", "P2", "P3", "Symptoms preceded", "Preceded or met", "Needless")
    for name, figures in named:
        table.row(name, *(figures.rate(is_of(p)) for p in PRIORITIES), figures.symptoms(False),
                  figures.symptoms(True), figures.needless())
    return table, named[0][1]


def table_of_symptoms(shipped):
    table = Table("Symptoms", "How many", "Preceded", "Preceded or met")
    for name, test in (("all", lambda p, t: True),
                       ("with a reading within 2 h", has_reading_near(1001)),
                       ("with one below 70 mg/dL within 2 h", has_reading_near(LOW))):
        met = shipped.symptoms(True, test)
        table.row(name, met.total, shipped.symptoms(False, test), met)
    return table


def table_of_clearing(replayer, people):
    table = Table("Clears from, mg/dL", "Cool-down, h", "P1", "P3", "Needless", "Preceded or met")
    rates = {}
    for limit in (None, ("75", "4.2"), comparators.CLEAR_LOW, ("95", "5.3")):
        for hours in (0, 2, 8):
            figures = Figures(people, replayer.alerts(comparators.low_with(limit, hours)))
            p3, met = rates[limit, hours] = figures.rate(is_of("P3")), figures.symptoms(True)
            table.row(limit[0] if limit else "70 (no dead band)", hours, figures.rate(is_of("P1")),
                      p3, figures.needless(), met)
    return table, rates


def table_of_repeats(replayer, people):
    table = Table("Above 250 mg/dL", "Spacing, h", "Cool-down, h", "P2", "Needless")
    rates = {}
    for at_least, of in ((1, 1), (2, 2), (2, 3), (3, 4)):
        for spacing, hours in (((0, 0), (0, 8)) if of == 1 else ((0, 0), (2, 0), (2, 8))):
            figures = Figures(people, replayer.alerts(
                comparators.high_repeated(at_least, of, spacing, hours)))
            rates[at_least, of] = figures.rate(lambda a: True)
            table.row(f"{at_least} of {of}", spacing, hours, rates[at_least, of],
                      figures.needless())
    return table, rates


def write_report(program, directory):
    people = aim94.persons()
    replayer = Replayer(program, directory, people)
    templates = glucose_templates()
    shipped = Figures(people, replayer.alerts(templates))
    unasked = Figures(people, replayer.alerts(templates, can_remeasure=False))
    against, no_memory = table_against(replayer, people, shipped, unasked)
    clear, cleared = table_of_clearing(replayer, people)
    high, repeats = table_of_repeats(replayer, people)
    of_rule = lambda rule, p: shipped.rate(  # noqa: E731
        lambda a: (a.rule, a.priority) == (rule, p)).middle()
    said = {
        "all_shipped": shipped.rate(lambda a: True).middle(),
        "all_no_memory": no_memory.rate(lambda a: True).middle(),
        "p1": of_rule("glucose-low", "P1"), "low_p2": of_rule("glucose-low", "P2"),
        "pattern": of_rule("glucose-pattern", "P3"),
        "no_band": cleared[None, 0][0].middle(), "met_no_band": cleared[None, 0][1].middle(),
        "band": cleared[comparators.CLEAR_LOW, 0][0].middle(),
        "met_band": cleared[comparators.CLEAR_LOW, 0][1].middle(),
        "each_high": repeats[1, 1].middle(), "two_of_three": repeats[2, 3].middle(),
        "three_of_four": repeats[3, 4].middle(),
        "preceded_asked": shipped.symptoms(False).middle(),
        "preceded_unasked": unasked.symptoms(False).middle(),
        "met_asked": shipped.symptoms(True).middle(), "met_unasked": unasked.symptoms(True).middle(),
    }
    return report(people, templates, by_rule=table_by_rule(shipped, people), against=against,
                  ceiling=table_of_symptoms(shipped), clear=clear, high=high,
                  gate=second_measurements.table(replayer), **said)


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
