#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Vardnav authors
# SPDX-License-Identifier: Apache-2.0
"""A P1 that the backend does not receipt is told in the home: on the page, by a light, by a sound.
After five seconds here, not sixty: `signal.after_s` may be less."""
import os
import pathlib
import shutil
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/support"))

from stack import Stack, wait_until  # noqa: E402

BUILD = pathlib.Path(os.environ.get("VARDNAV_BUILD", ROOT / "build/dev"))
QUICK = ROOT / "tests/data/scenarios/quick.json"  # with a glucose of 48 mg/dL
P1_WAITS = """SELECT count(*) FROM outbox o JOIN verdict v ON v.key = o.verdict
              WHERE v.priority = 'P1' AND v.transition = 'raised'"""


class Undelivered(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="vardnav-undelivered-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.stack = Stack(self.folder, BUILD, QUICK)
        self.stack.prepare()
        self.led = self.folder / "led"
        self.led.mkdir()
        (self.led / "trigger").write_text("[none] timer\n")
        (self.led / "brightness").write_text("0\n")
        self.played = self.folder / "played"
        with (self.folder / "hub.toml").open("a") as config:
            config.write(f'[signal]\nafter_s = 5\nlight = "{self.led}"\n'
                         f'sound = ["/usr/bin/touch", "{self.played}"]\n')
        self.addCleanup(self.stack.stop)

    def log(self, name):
        return (self.folder / f"{name}.log").read_text()

    def page(self):
        """What the virtual home's page shows now; "" before it has shown anything."""
        lines = [line.partition("the page shows")[2] for line in self.log("home").splitlines()
                 if "the page shows" in line]
        return lines[-1] if lines else ""

    def is_told(self):
        return "ring 112" in self.page()

    def begin_without(self, victim):
        """The hub knows its rules; then the victim goes, and the home begins."""
        for name in ("dbus", "broker", "care", "hub"):
            self.stack.start(name)
        wait_until(lambda: "applied" in self.log("hub"), 30, "the hub to know its devices")
        self.stack.kill(victim)
        self.stack.start("home")
        wait_until(lambda: self.stack.journal(P1_WAITS)[0][0], 60, "a P1 in the outbox")

    def test_it_is_told_survives_the_hub_and_ends_with_the_receipt(self):
        self.begin_without("broker")
        wait_until(self.is_told, 30, "the page to say so")
        wait_until(self.played.exists, 10, "the sound")
        self.assertEqual((self.led / "trigger").read_text(), "timer")
        self.assertIn("told in the home by page, light, sound", self.log("hub"))

        self.stack.kill("hub")
        (self.led / "trigger").write_text("[none] timer\n")
        self.played.unlink()
        self.stack.start("hub")
        wait_until(self.played.exists, 30, "the sound after the restart")
        wait_until(lambda: (self.led / "trigger").read_text() == "timer", 10, "the light")
        self.assertTrue(self.is_told())

        self.stack.start("broker")
        wait_until(lambda: not self.is_told(), 60, "the page to be clear")
        self.assertEqual(self.stack.journal(P1_WAITS)[0][0], 0, "the backend has it")
        wait_until(lambda: (self.led / "trigger").read_text() == "none", 10, "the light to be off")

    def test_a_backend_that_is_away_is_told_too(self):
        self.begin_without("care")
        wait_until(self.is_told, 30, "the page to say so")
        self.stack.start("care")
        wait_until(lambda: not self.is_told(), 90, "the page to be clear")


if __name__ == "__main__":
    unittest.main(verbosity=2)
