# SPDX-FileCopyrightText: 2026 The Vardnav authors
# SPDX-License-Identifier: Apache-2.0
"""Holds what the virtual home sent against what the backend stored, and times the alerts."""
import collections
import datetime
import statistics
import threading
import time

CODES = ("glucose", "weight", "fev1", "fev6", "fvc", "fev1_fvc", "pef", "ketone", "spo2", "systolic",
         "diastolic", "map", "pulse", "temperature", "body_fat", "breathless", "sputum", "swelling")
LOUD = ("raised", "worsened", "repeated")


def instant(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


def sent_identity(entry):
    return entry["device"], entry["record_number"], entry["device_time"]


def stored_identity(observation):
    stamp = observation.get("device_time")
    return (observation["device"], observation.get("record_number"),
            stamp["at"] if stamp else None)


def percentile(values, share):
    if not values:
        return None
    if len(values) == 1:
        return values[0]
    return statistics.quantiles(values, n=1000, method="inclusive")[int(share * 1000) - 1]


class Reckoning:
    def __init__(self, stack, api, say):
        self.stack, self.api, self.say = stack, api, say
        self.lock = threading.Lock()
        self.seen_alert_events = set()  # (episode, index of the event)
        self.latencies_ms = []

    # --- while it runs -------------------------------------------------------------------------
    def on_event(self, name, data):
        now = time.time()
        if name == "reading":
            self._tell_reading(data)
        elif name == "episode" and not data.get("gone"):
            self._tell_episode(data, now)

    def _tell_reading(self, data):
        observation = data["observation"]
        shown = observation.get("shown")
        value = f"{observation['value']} {observation['unit']}"
        if shown and shown["unit"] != observation["unit"]:
            value += f" = {shown['value']} {shown['unit']}"
        inside = (instant(data["stored_at"]) - instant(observation["received_at"])) * 1000
        self.say(f"{data['stored_at'][11:19]}  {observation['code']:<8} {value:<24} measured "
                 f"{observation['at'][:16].replace('T', ' ')}Z ({observation['time_method']})  "
                 f"device → hub journal → broker → backend {inside:.0f} ms")

    def _tell_episode(self, summary, now):
        detail = self.api.get(f"/episodes/{summary['id']}")
        for index, event in enumerate(detail["events"]):
            with self.lock:
                if (detail["id"], index) in self.seen_alert_events:
                    continue
                self.seen_alert_events.add((detail["id"], index))
            if event["kind"] not in LOUD:
                continue
            self._time(detail, now)
            team = detail["team"]
            self.say(f"          ⚑ {detail['priority']} {event['kind']}: {detail['title']['en']} — "
                     f"{detail['why']['en']} → {team['care_giver']}, {team['name']}")

    def _time(self, detail, visible_at):
        newest = (detail["inputs"] or [None])[0]
        if newest is None:
            return
        for entry in self.stack.sent_records():
            if sent_identity(entry) == stored_identity(newest):
                with self.lock:
                    self.latencies_ms.append((visible_at - instant(entry["sent_at"])) * 1000)
                return

    # --- at the end ----------------------------------------------------------------------------
    def stored_readings(self):
        """Reading key → identity, over everything the backend shows of this patient."""
        readings = {}
        for code in CODES:
            answer = self.api.get("/patients/p-7f3a/observations", code=code)
            for observation in answer["observations"]:
                readings[observation["reading"]] = stored_identity(observation)
        return readings

    def is_complete(self):
        status = self.api.get("/status")
        return (status["readings_stored"] >= len(self.stack.sent_records()) and
                status["alerts_received"] >= self.alerts_raised()[1])

    def alerts_raised(self):
        """What the hub's own journal says it told: (raised or worse, all)."""
        told = self.stack.alerts_told()
        return sum(1 for name in told if name in ("raised", "worsened")), len(told)

    def result(self):
        sent = collections.Counter(map(sent_identity, self.stack.sent_records()))
        stored = collections.Counter(self.stored_readings().values())
        self.missing = sent - stored
        self.surplus = stored - sent
        routed = 0
        for state in ("open", "closed"):
            for summary in self.api.get("/worklist", state=state, limit=500)["episodes"]:
                detail = self.api.get(f"/episodes/{summary['id']}")
                has_team = any(step["outcome"] == "chosen" for step in detail["route"]["steps"])
                if has_team and detail["team"]["id"]:
                    routed += sum(1 for e in detail["events"] if e["kind"] in LOUD)
        self.final = {
            "readings_sent": sum(sent.values()),
            "readings_stored": sum(stored.values()),
            "duplicates": sum(self.surplus.values()),
            "alerts_raised": self.alerts_raised()[0],
            "alerts_routed": routed,
            "p50_ms": self._rounded(0.50),
            "p99_ms": self._rounded(0.99),
        }
        return self.final

    def _rounded(self, share):
        value = percentile(sorted(self.latencies_ms), share)
        return None if value is None else round(value, 1)

    def faults(self):
        faults = [f"sent but not stored: {k}" for k in self.missing]
        faults += [f"stored more often than sent: {k}" for k in self.surplus]
        if not self.final["readings_sent"]:
            faults.append("the virtual home sent nothing")
        if self.final["alerts_raised"] != self.final["alerts_routed"]:
            faults.append("not every alert was routed")
        if not self.final["alerts_raised"]:
            faults.append("no alert was raised")
        return faults
