#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Vardnav authors
# SPDX-License-Identifier: Apache-2.0
"""Every family of device of ble/virtual/scenarios/all-devices.json, collected by the real hub: what
each make keeps arrives once, under the driver that is meant for it; control solution, strangers and
placeholders are nobody's readings."""
import collections
import contextlib
import json
import os
import pathlib
import shutil
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests/support"), str(ROOT / "tests/e2e")]

from household_week import Home  # noqa: E402
from stack import BEGINNING, HUB, StackError, make_certificates, wait_until  # noqa: E402

BUILD = pathlib.Path(os.environ.get("VARDNAV_BUILD", ROOT / "build/dev"))
SCENARIO = ROOT / "ble/virtual/scenarios/all-devices.json"
PATIENCE = 60
ACCEPTED = ("accepted", "")
UNKNOWN_USER = ("quarantined", "unknown-user")
CONTROL = ("quarantined", "control-solution")
BAD_BLOW = 1 << 1  # Flag::kBadBlow of observation.h
OFF_BY_DEFAULT = ["continuous-glucose", "vitalograph", "contec-spirometer"]


def content(device, octets):
    """What tells records apart: TaiDoc numbers from the newest, so that a number is no name."""
    return octets[:2] + "...." + octets[6:] if device.get("make") == "taidoc" else octets


class EveryFamily(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="vardnav-all-devices-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        cls.devices = {d["address"]: d for d in json.loads(SCENARIO.read_text())["devices"]}
        cls.home = Home(cls.folder / "stack", BUILD, SCENARIO)
        cls.addClassCleanup(cls.home.stop)
        make_certificates(cls.folder / "pki", [HUB])
        cls.home.prepare_home(cls.folder / "pki", [])
        with (cls.home.folder / "hub.toml").open("a") as config:
            config.write(f"[devices]\nenable = {json.dumps(OFF_BY_DEFAULT)}\n")
        cls.bind()
        for name in ("dbus", "home", "hub"):
            cls.home.start(name)
        with contextlib.suppress(StackError):  # the tests say what is missing
            wait_until(cls.is_complete, PATIENCE, "every device to be collected")

    @classmethod
    def bind(cls):
        """Each device to a person of its own, each user of the scale too."""
        bindings = []
        for number, (address, device) in enumerate(cls.devices.items()):
            slots = device.get("users") or [{"slot": None}]
            for user in slots:
                bindings.append({"device": address, "slot": user["slot"],
                                 "person": f"p-{number}-{user['slot'] or 0}", "from": BEGINNING,
                                 "until": None,
                                 **({"consent_code": user["code"]} if "code" in user else {})})
        (cls.home.folder / "household.json").write_text(json.dumps({
            "version": 1, "hub": HUB, "serial": 1, "issued_at": BEGINNING, "bindings": bindings,
            "rules": [], "patients": [], "messages": []}))

    @classmethod
    def captured(cls, address):
        """Content → what became of it, each time it was captured."""
        found = collections.defaultdict(list)
        for (device, octets), what in cls.home.captures().items():
            if device == address:
                found[content(cls.devices[address], octets)] += what
        return found

    @classmethod
    def due(cls, address):
        return [r for r in cls.devices[address]["records"]
                if r.get("counts", True) and not r.get("control")]

    @classmethod
    def is_complete(cls):
        for process in cls.home.processes.values():
            if not process.is_running():
                raise StackError(f"{process.name} ended: {process.last_line()}")

        def has_all(address, device):
            readings = sum(what != [CONTROL] and what[0][0] != "refused"
                           for what in cls.captured(address).values())
            wanted = len(cls.due(address)) * (2 if device["model"] == "body-scale" else 1)
            if device.get("make") == "taidoc" and not any(
                    content[6:10] == "F507" for content in cls.captured(address)):
                return False  # its record of 2037 has not come yet
            return readings >= (1 if device["model"] == "heart-rate" else wanted)
        return all(has_all(address, device) for address, device in cls.devices.items())

    def of(self, model, make=None):
        return [a for a, d in self.devices.items()
                if d["model"] == model and d.get("make", None) == make]

    def assert_collected(self, address):
        found = self.captured(address)
        accepted = [c for c, what in found.items() if what[0][0] == "accepted"]
        name = self.devices[address]["name"]
        self.assertEqual(len(accepted), len(self.due(address)), f"{name}: {dict(found)}")
        self.assertTrue(all(len(what) == 1 for what in found.values()), f"{name}: {dict(found)}")

    def test_meters(self):
        for make in ("accu-chek", "contour", "caresens", "taidoc"):
            for address in self.of("glucose-meter", make):
                with self.subTest(make=make):
                    self.assert_collected(address)

    def codes(self, address):
        return {code for (code,) in self.home.journal(
            "SELECT DISTINCT o.code FROM observation o JOIN capture c ON c.key = o.reading"
            f" WHERE c.device = '{address}' AND c.disposition = 'accepted'")}

    def test_a_ketone_result_is_told_from_glucose(self):
        (meter,) = self.of("glucose-meter", "caresens")
        self.assertEqual(self.codes(meter), {"glucose", "ketone"})

    def test_a_bad_blow_is_marked_and_a_garbled_frame_comes_again(self):
        (monitor,) = self.of("lung-monitor")
        self.assertEqual(self.codes(monitor), {"fev1", "fev6", "pef"})
        blows = self.home.journal(
            "SELECT o.reading, o.flags FROM observation o JOIN capture c ON c.key = o.reading"
            f" WHERE c.device = '{monitor}'")
        self.assertEqual(len(blows), 9, blows)
        self.assertEqual(sum(bool(flags & BAD_BLOW) for _, flags in blows), 3, "all of one blow")

    def test_control_solution_is_no_reading(self):
        (meter,) = self.of("glucose-meter", "accu-chek")
        self.assertIn([CONTROL], list(self.captured(meter).values()))

    def test_a_hi_of_2037_is_no_reading(self):
        (meter,) = self.of("glucose-meter", "taidoc")
        found = [what for c, what in self.captured(meter).items() if c[6:10] == "F507"]
        self.assertEqual([[w[0] for w in what] for what in found], [["refused"]], "year 2037")

    def test_those_that_send_and_forget(self):
        for model in ("blood-pressure", "oximeter", "thermometer", "weight-scale", "spirometer",
                      "advert-scale", "glucose-sensor", "lung-monitor", "contec-spirometer"):
            for address in self.of(model):
                with self.subTest(device=self.devices[address]["name"]):
                    self.assert_collected(address)

    def test_a_belt_gives_a_few_of_its_many(self):
        (belt,) = self.of("heart-rate")
        accepted = [w for w in self.captured(belt).values() if w == [ACCEPTED]]
        self.assertTrue(1 <= len(accepted) < len(self.due(belt)), accepted)

    def test_a_scale_of_two_users_and_a_stranger(self):
        (scale,) = self.of("body-scale")
        found = self.captured(scale)
        for outcome, count in ((ACCEPTED, 4), (UNKNOWN_USER, 2)):
            with self.subTest(outcome=outcome):
                self.assertEqual(sum(w == [outcome] for w in found.values()), count, dict(found))
        persons = self.home.journal(
            "SELECT DISTINCT c.disposition, o.person FROM observation o"
            f" JOIN capture c ON c.key = o.reading WHERE c.device = '{scale}'")
        users = {person for disposition, person in persons if disposition == "accepted"}
        self.assertEqual(len(users), 2, persons)
        self.assertFalse(users & {p for d, p in persons if d == "quarantined"}, persons)

    def test_a_scale_that_only_advertises_is_to_be_confirmed(self):
        (scale,) = self.of("advert-scale")
        rows = self.home.journal("SELECT o.* FROM observation o JOIN capture c ON c.key = o.reading"
                                 f" WHERE c.device = '{scale}'")
        self.assertEqual(len(rows), 1, rows)


if __name__ == "__main__":
    unittest.main()
