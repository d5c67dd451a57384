# SPDX-FileCopyrightText: 2026 The Vardnav authors
# SPDX-License-Identifier: Apache-2.0
"""What is left when everything has failed and been mended: what the hub accepted held against what
the backend stored, and the alerts against a replay of the readings (oracle.py), both ways."""
import contextlib
import datetime
import json
import sqlite3

import oracle
from stack import run
from torment import METER, MONITOR

SERIOUSLY_LOW = 54  # mg/dL, strictly below: P1
TOLD_AT_MOST = 10   # lines of what is missed, and of what is a phantom

FEW_LIVES = 100     # of the hub: too short for everything to come

# The rest must be none.
WELCOME = ("readings accepted", "blows of the lung monitor", "seriously low readings",
           "alerts of the hub", "alerts that the replay tells")


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

    def number(self, query):
        return int(self.column(f"({query})", "(SELECT 1) AS one")[0])

    def keys(self, name, table):
        hexed = f"encode({name}, 'hex')" if self.stack.database else f"lower(hex({name}))"
        return self.column(hexed, table)


def milliseconds(text):
    """RFC 3339 → since 1970."""
    at = datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
    return round(at.timestamp() * 1000)


def passed_over(numbers):
    """Records of the meter between its first and last that the hub never got."""
    return numbers[-1] - numbers[0] + 1 - len(numbers) if numbers else 0


def blows(stack):
    """Of the lung monitor: what the hub has, and what nobody has, because another came after it."""
    sent = [entry["hex"].lower() for entry in stack.sent_records() if entry["device"] == MONITOR]
    kept = {octets for (octets,) in stack.journal(
        f"SELECT lower(hex(bytes)) FROM capture WHERE device = '{MONITOR}'")}
    return kept, set(sent[:-1]) - kept


def alerts(stack, record, measured, say):
    """Name → how many, of what the backend has of the hub's alerts against the replay."""
    observations = oracle.newest_revisions(record.column("body", "observation"))
    should = oracle.expected(stack, observations, stack.stopped_at)
    told = oracle.lasting(map(json.loads, record.column(
        "body", "verdict WHERE said_by_hub <> 0 ORDER BY told_utc_ms, key")))
    for what, lines in (("missed", should - told), ("phantom", told - should)):
        for line in sorted(lines)[:TOLD_AT_MOST]:
            say(f"{what}: {line}")
    return {"readings with another value than was measured":
            oracle.wrong_values(observations, measured),
            "alerts that the replay tells": len(should),
            "alerts missed": len(should - told), "phantom alerts": len(told - should)}


def episodes(record):
    """Each raised or worsened verdict of the hub has one episode that was told of it."""
    loud = {body["key"]: body for body in map(json.loads, record.column(
        "body", "verdict WHERE said_by_hub <> 0")) if body["transition"] in ("raised", "worsened")}
    held = dict(zip(record.keys("key", "verdict WHERE episode IS NOT NULL ORDER BY person, key"),
                    record.column("episode", "verdict WHERE episode IS NOT NULL"
                                  " ORDER BY person, key")))
    told = set(zip(record.column("episode", "episode_event WHERE fired_utc_ms IS NOT NULL"
                                 " ORDER BY episode, position"),
                   map(int, record.column("fired_utc_ms", "episode_event WHERE fired_utc_ms IS NOT"
                                          " NULL ORDER BY episode, position"))))
    return {
        "alerts without an episode that holds them": sum(
            1 for key, body in loud.items()
            if (held.get(key), milliseconds(body["at"])) not in told),
        "alerts in several episodes": record.number(
            "SELECT count(*) FROM (SELECT 1 FROM episode_event WHERE verdict_key IS NOT NULL"
            " GROUP BY person, verdict_key HAVING count(*) > 1) AS several"),
        "open episodes without a next action": record.number(
            "SELECT count(*) FROM episode WHERE state <> 'closed' AND next_what = 'none'"),
    }


def of(stack, measured, say):
    """Name in the report → how many. `measured`: (device, record number) → value."""
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
        **alerts(stack, record, measured, say),
        **episodes(record),
        "set aside by the backend": int(record.column("count(*)", "set_aside")[0]),
        # Not what the device has given again, and what is a reading by that.
        "set aside by the hub": stack.journal(
            "SELECT count(*) FROM capture AS aside WHERE reason = 'unfinished' AND NOT EXISTS"
            " (SELECT 1 FROM capture WHERE disposition = 'accepted' AND device = aside.device"
            " AND bytes = aside.bytes)")[0][0],
    }


def faults(outcome, lives):
    found = [f"{number} {name}" for name, number in outcome.items() if number and name not in WELCOME]
    must_come = WELCOME if lives >= FEW_LIVES else WELCOME[:1]
    found += [f"no {name}: that was not tested" for name in must_come if not outcome[name]]
    return found
