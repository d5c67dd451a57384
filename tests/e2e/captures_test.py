#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Vardnav authors
# SPDX-License-Identifier: Apache-2.0
"""What a hub keeps without sending it: a technician gives it to a person, discards it, or has it
interpreted anew when bindings are known or a later version can read it. The real programs."""
import contextlib
import json
import os
import pathlib
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/support"))

from api import Api  # noqa: E402
from reckoning import Reckoning  # noqa: E402
from stack import HUB, PASSWORD, PERSON, Stack, wait_until  # noqa: E402

BUILD = pathlib.Path(os.environ.get("VARDNAV_BUILD", ROOT / "build/dev"))
QUICK = ROOT / "tests/data/scenarios/quick.json"
OTHER = "p-0b0b"
DEVICES = [f"C0:FF:EE:00:00:0{n}" for n in (1, 2, 3)]


class Captures(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="vardnav-captures-"))
        self.stack = Stack(self.folder, BUILD, QUICK)
        self.stack.prepare()
        registry = json.loads((ROOT / "tests/demo/registry.json").read_text())
        registry["patients"].append({"person": OTHER, "name": "Prov Provsson", "birth_year": 1951,
                                     "language": "sv"})
        registry["hubs"][0]["persons"].append(OTHER)
        registry["hubs"][0]["bindings"].append(
            {"device": DEVICES[1], "slot": 7, "person": OTHER, "from": "2026-01-01T00:00:00Z"})
        path = self.folder / "registry.json"
        path.write_text(json.dumps(registry))
        self.stack.care("registry", "import", path)
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.addCleanup(self.stack.stop)

    def bind_from(self, instant):
        """A stand-in until the backend has spoken: everything is from before the bindings."""
        path = self.folder / "household.json"
        path.write_text(json.dumps(
            {"version": 1, "hub": HUB, "serial": 1, "issued_at": "2026-01-01T00:00:00Z",
             "bindings": [{"device": device, "slot": None, "person": PERSON, "from": instant,
                           "until": None} for device in DEVICES],
             "rules": [], "patients": [], "messages": []}))
        config = self.folder / "hub.toml"
        config.write_text(f'household = "{path}"\n' + config.read_text())

    def ctl(self, *words, status=0):
        done = subprocess.run([self.stack.bin / "vardnavctl", *words], capture_output=True,
                              text=True, timeout=60,
                              env={**os.environ, "DBUS_SYSTEM_BUS_ADDRESS": self.stack.bus_address})
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        return done.stdout if status == 0 else done.stderr

    def quarantine(self):
        return json.loads(self.ctl("quarantine", "list", "--json"))

    def faults(self):
        heartbeat = json.loads(self.ctl("status", "--json"))["heartbeat"]
        return {fault["subject"] for fault in heartbeat["faults"] if fault["kind"] == "quarantine"}

    def at_backend(self, sql, *values):
        record = sqlite3.connect(f"file:{self.folder}/care/care.db?mode=ro", uri=True)
        with contextlib.closing(record):
            return record.execute(sql, values).fetchall()

    def waiting(self):
        return self.stack.journal("SELECT count(*) FROM outbox WHERE stream = 'reading'")[0][0]

    def stored(self, reckoning):
        return set(reckoning.stored_readings())

    def forget_how_to_read(self, key):
        """The journal as a version without a decoder for this record would have left it."""
        journal = sqlite3.connect(self.folder / "hub/journal.db")
        with contextlib.closing(journal), journal:
            journal.execute("DELETE FROM observation WHERE reading = ?", [bytes.fromhex(key)])
            journal.execute("DELETE FROM outbox WHERE reading = ?", [bytes.fromhex(key)])
            journal.execute("UPDATE capture SET disposition = 'refused', reason = 'unknown-kind'"
                            " WHERE key = ?", [bytes.fromhex(key)])

    def test_what_is_kept_finds_its_person(self):
        self.bind_from("2099-01-01T00:00:00Z")
        for name in ("dbus", "broker", "hub", "home"):
            self.stack.start(name)
        wait_until(self.stack.is_home_done, 60, "the virtual home to have sent everything")
        wait_until(lambda: self.faults() == set(DEVICES), 30, "the technicians to be told")
        everything = self.quarantine()
        kept = [one for one in everything if one["reason"] == "before-binding"]
        self.assertGreater(len(kept), 5)
        self.assertEqual(self.waiting(), 0)
        self.assertTrue(all("suggested" not in one for one in kept), "who had it before?")
        text = self.ctl("quarantine", "list")
        self.assertIn(f"{kept[0]['key']}  {kept[0]['device']}  before-binding  ", text)
        for value in ("5.9", "48", "70.20", "3.55"):
            self.assertNotIn(f" {value}", text, "no values on a technician's screen")

        mine, nobodys, older = (one["key"] for one in kept[:3])
        self.assertIn("--person", self.ctl("quarantine", "settle", mine, status=1))
        self.assertIn(f"{mine} is of {PERSON}",
                      self.ctl("quarantine", "settle", mine, "--person", PERSON))
        self.assertEqual(self.waiting(), 1)
        self.ctl("quarantine", "discard", nobodys)
        self.assertEqual(self.waiting(), 1)
        self.assertIn("of that person already",
                      self.ctl("quarantine", "settle", mine, "--person", PERSON, status=1))
        self.assertIn("no device of this home", self.ctl("quarantine", "settle", older, "--person",
                                                         "p-nobody", status=1))
        self.assertIn("no capture", self.ctl("quarantine", "discard", "0" * 32, status=1))
        self.assertIn("0 would change", self.ctl("redecode", "--try"))
        self.assertEqual(len(self.quarantine()), len(everything) - 2)

        self.stack.processes["hub"].stop()
        self.forget_how_to_read(older)
        self.stack.start("hub")
        wait_until(lambda: self.stack.processes["hub"].log.read_text().count("started as") == 2, 20,
                   "the hub to have started again")
        self.assertEqual(self.waiting(), 1)

        self.stack.start("care")
        wait_until(lambda: "applied" in self.stack.processes["hub"].log.read_text(), 40,
                   "the hub to know its bindings")
        rest = len(everything) - 2  # among them what no binding of the stand-in could give to anyone
        self.assertIn(f" {rest} would change", self.ctl("redecode", "--try"))
        self.assertIn(f" {rest} changed", self.ctl("redecode"))
        self.assertIn(" 0 changed", self.ctl("redecode"))
        self.assertIn(f"{older} is what it was", self.ctl("redecode", older))
        self.assertIn("no capture", self.ctl("redecode", "0" * 32, status=1))
        self.assertIn("nothing of control-solution is in quarantine",
                      self.ctl("quarantine", "discard", "--reason", "control-solution", status=1))
        api = Api(self.stack.http_port)
        api.login("operator", PASSWORD)
        reckoning = Reckoning(self.stack, api, lambda line: None)
        whole = {one["key"] for one in everything} - {nobodys}
        wait_until(lambda: whole <= self.stored(reckoning), 30, "the backend to have all of them")
        self.assertNotIn(nobodys, self.stored(reckoning))
        wait_until(lambda: not self.faults(), 30, "the technicians to have nothing to see to")
        counted = {one["reason"]: one["count"] for one in
                   json.loads(self.ctl("status", "--json"))["journal"]["kept"]}
        self.assertEqual(counted["discarded"], 1)

        # Settled by mistake: taken back, as a revision that counts nowhere; then given to whose it is.
        self.ctl("quarantine", "discard", mine)
        self.ctl("quarantine", "settle", mine, "--person", OTHER)
        wait_until(self.stack.outbox_is_empty, 30, "the backend to know")
        self.assertEqual(self.at_backend("SELECT count(*) FROM set_aside"), [(0,)])
        last = ("SELECT body FROM observation o WHERE person = ? AND revision = (SELECT max(revision)"
                " FROM observation n WHERE n.person = o.person AND n.reading_key = o.reading_key)")
        theirs = [json.loads(body) for body, in self.at_backend(last, OTHER)]
        first = [json.loads(body) for body, in self.at_backend(last, PERSON)]
        first = [one for one in first if one["reading"] == mine]
        self.assertEqual([one["value"] for one in theirs], [one["value"] for one in first])
        self.assertTrue(theirs)
        self.assertTrue(all("person-other" in one["flags"] for one in first))
        self.assertTrue(all("person-other" not in one["flags"] and one["reading"] != mine
                            for one in theirs))


if __name__ == "__main__":
    unittest.main(verbosity=2)
