# SPDX-FileCopyrightText: 2026 The Vardnav authors
# SPDX-License-Identifier: Apache-2.0
"""Tables with intervals, and the text around them."""
import functools
import pathlib
import random

SEED = 1994
RESAMPLES = 2000


class Estimate:
    def __init__(self, count, total, low, high):
        self.count, self.total, self.low, self.high = count, total, low, high

    def middle(self):
        return f"{self.count / self.total:.2f}" if self.total else "–"

    def __str__(self):
        if not self.total:
            return self.middle()
        return f"{self.middle()} ({self.low:.2f}–{self.high:.2f})"


@functools.cache
def resamples(size):
    source = random.Random(SEED)
    return [[source.randrange(size) for _ in range(size)] for _ in range(RESAMPLES)]


def interval(pairs):
    """pairs: (count, amount) of each person. The ratio of the sums, and the middle 95 % of that of
    persons drawn with replacement."""
    ratios = []
    for drawn in resamples(len(pairs)):
        amount = sum(pairs[n][1] for n in drawn)
        if amount:
            ratios.append(sum(pairs[n][0] for n in drawn) / amount)
    if not ratios:
        return Estimate(0, 0, 0, 0)
    ratios.sort()
    at = lambda share: ratios[min(len(ratios) - 1, int(share * len(ratios)))]  # noqa: E731
    return Estimate(sum(c for c, _ in pairs), sum(a for _, a in pairs), at(0.025), at(0.975))


class Table:
    def __init__(self, *heads):
        self.rows = [heads, ["---"] * len(heads)]

    def row(self, *cells):
        self.rows.append([str(cell) for cell in cells])

    def __str__(self):
        return "\n".join("| " + " | ".join(row) + " |" for row in self.rows)


def report(people, templates, **tables):
    files = sum(len(p.files) for p in people)
    electronic = [p for p in people if not p.is_nominal]
    weeks = lambda group: sum(p.days() for p in group) / 7  # noqa: E731
    total = lambda of: sum(map(of, people))  # noqa: E731
    values = {
        "persons": len(people), "files": files, "electronic": len(electronic),
        "nominal": len(people) - len(electronic), "weeks": f"{weeks(people):.0f}",
        "electronic_weeks": f"{weeks(electronic):.0f}",
        "readings": total(lambda p: len(p.readings)), "shared": total(lambda p: p.shared),
        "damaged": total(lambda p: p.damaged), "unexplained": total(lambda p: p.unexplained),
        "words": total(lambda p: sum(not r["value"].isdigit() for r in p.readings)),
        "symptoms": total(lambda p: len(p.symptoms())),
        "symptomatic": sum(bool(p.symptoms()) for p in people),
        "templates": ", ".join(f"`{d['id']}` {d['version']}" for d in templates),
        "seed": SEED, "resamples": RESAMPLES, **tables}
    text = (pathlib.Path(__file__).parent / "glucose.in.md").read_text(encoding="utf-8")
    return text.format(**values)
