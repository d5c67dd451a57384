# SPDX-FileCopyrightText: 2026 The Vardnav authors
# SPDX-License-Identifier: Apache-2.0
"""What is left when everything has failed and been mended: what the hub accepted held against what
the backend stored, and the alerts against an oracle that only knows the readings."""
import contextlib
import sqlite3

from stack import run
from torment import METER, MONITOR

SERIOUSLY_LOW = 54  # mg/dL, strictly below: P1

FEW_LIVES = 100     # of the hub: too short for everything to come

# The rest must be none.
WELCOME = ("readings accepted", "blows of the lung monitor", "seriously low readings",
           "alerts of the hub")


class Record:
    """What the backend stored, read past the backend."""

    def __init__(self, stack):
        self.stack = stack

    def column(self, what, table):
        """`what` in SQL that both engines have."""
        query = f"SELECT {what} FROM {table}"
        if self.stack.database:
            answer = run(["psql", "-XAt", "-c", query, self.stack.database.uri()])
            return answer.split("\n")[:-1]
        address = f"file:{self.stack.folder}/care/care.db?mode=ro"
        with contextlib.closing(sqlite3.connect(address, uri=True)) as database:
            return [str(value) for (value,) in database.execute(query)]

    def keys(self, name, table):
        hexed = f"encode({name}, 'hex')" if self.stack.database else f"lower(hex({name}))"
        return self.column(hexed, table)


def passed_over(numbers):
    """Records of the meter between its first and last that the hub never got."""
    return numbers[-1] - numbers[0] + 1 - len(numbers) if numbers else 0


def blows(stack):
    """Of the lung monitor: what the hub has, and what nobody has, because another came after it."""
    sent = [entry["hex"].lower() for entry in stack.sent_records() if entry["device"] == MONITOR]
    kept = {octets for (octets,) in stack.journal(
        f"SELECT lower(hex(bytes)) FROM capture WHERE device = '{MONITOR}'")}
    return kept, set(sent[:-1]) - kept


def of(stack):
    """Name in the report → how many."""
    record = Record(stack)
    accepted = stack.accepted_readings()
    stored = record.keys("key", "reading_key")
    numbers = sorted(n for (n,) in stack.journal(
        f"SELECT DISTINCT record_number FROM capture WHERE device = '{METER}'"))
    low = {key for (key,) in stack.journal(
        "SELECT lower(hex(reading)) FROM observation WHERE code = 'glucose'"
        f" AND unit = 'mg/dL' AND value_exponent = 0 AND value_mantissa < {SERIOUSLY_LOW}")}
    kept, forgotten = blows(stack)
    told = {key for (key,) in stack.journal("SELECT lower(hex(key)) FROM verdict")}
    return {
        "readings accepted": len(accepted),
        "lost": len(accepted - set(stored)),
        "stored that the hub does not know": len(set(stored) - accepted),
        "stored twice": len(stored) - len(set(stored)),
        "records of the meter passed over": passed_over(numbers),
        "blows of the lung monitor": len(kept),
        "blows of the lung monitor lost": len(forgotten),
        "seriously low readings": len(low),
        "seriously low readings without an alert": len(
            low - set(record.keys("reading_key", "verdict_observation"))),
        "alerts of the hub": len(told),
        "alerts of the hub that the backend lacks": len(told - set(record.keys("key", "verdict"))),
        "set aside by the backend": int(record.column("count(*)", "set_aside")[0]),
        "set aside by the hub": stack.journal(
            "SELECT count(*) FROM capture WHERE reason = 'unfinished'")[0][0],
    }


def faults(outcome, lives):
    found = [f"{number} {name}" for name, number in outcome.items() if number and name not in WELCOME]
    must_come = WELCOME if lives >= FEW_LIVES else WELCOME[:1]
    found += [f"no {name}: that was not tested" for name in must_come if not outcome[name]]
    return found
