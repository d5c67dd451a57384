#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Vardnav authors
# SPDX-License-Identifier: Apache-2.0
"""What goes wrong at a start or on the way gets one line that says what to change, a non-zero exit
where the program cannot go on, and no loss."""
import contextlib
import json
import os
import pathlib
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/support"))

from api import Api  # noqa: E402
from reckoning import Reckoning  # noqa: E402
from stack import HUB, PASSWORD, Stack, wait_until  # noqa: E402

BUILD = pathlib.Path(os.environ.get("VARDNAV_BUILD", ROOT / "build/dev"))
QUICK = ROOT / "tests/data/scenarios/quick.json"
MALFORMED = ROOT / "tests/data/scenarios/malformed.json"


class Faults(unittest.TestCase):
    scenario = QUICK

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="vardnav-faults-"))
        self.stack = Stack(self.folder, BUILD, self.scenario)
        self.stack.prepare()
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.addCleanup(self.stack.stop)

    def outcome(self, command, env=None):
        """Runs to its end; returns (exit status, what it said on standard error)."""
        done = subprocess.run([str(c) for c in command], capture_output=True, text=True, timeout=30,
                              stdin=subprocess.DEVNULL, env={**os.environ, **(env or {})})
        return done.returncode, done.stderr.strip()

    def assert_one_line(self, outcome, *words):
        status, said = outcome
        self.assertNotEqual(status, 0, said)
        lines = said.splitlines()
        self.assertEqual(len(lines), 1, said)
        for word in words:
            self.assertIn(str(word), lines[0])

    def hub(self):
        self.stack.start("dbus")
        return [self.stack.bin / "vardnav-hub", "--config", self.folder / "hub.toml"]

    def vardnavctl(self, *words):
        return subprocess.run([self.stack.bin / "vardnavctl", *[str(w) for w in words]],
                              capture_output=True, text=True, timeout=30,
                              env={**os.environ, **self.bus()})

    def status(self):
        done = self.vardnavctl("status", "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def care(self):
        return [self.stack.bin / "vardnav-care", "--config", self.folder / "care.toml"]

    def bus(self):
        return {"DBUS_SYSTEM_BUS_ADDRESS": self.stack.bus_address}


class BrokenConfiguration(Faults):
    def test_hub_names_file_line_and_setting(self):
        path = self.folder / "hub.toml"
        path.write_text(path.read_text().replace("host =", "hots ="))
        self.assert_one_line(self.outcome(self.hub(), self.bus()), path, "mqtt.hots")

    def test_care_names_file_and_setting(self):
        path = self.folder / "care.toml"
        path.write_text(path.read_text().replace("port =", "prot =", 1))
        self.assert_one_line(self.outcome(self.care()), path, "prot")

    def stand_in(self, **changes):
        """A hub whose configuration comes from a file, as before the backend has sent one."""
        path = self.folder / "household.json"
        path.write_text(json.dumps({
            "version": 1, "hub": HUB, "serial": 1, "issued_at": "2026-01-01T00:00:00Z",
            "bindings": [], "rules": [], "patients": [], "messages": [], **changes}))
        config = self.folder / "hub.toml"
        config.write_text(f'household = "{path}"\n' + config.read_text())
        return path

    def test_hub_names_the_place_in_its_file(self):
        path = self.stand_in(bindings=[{"device": "meter", "person": "p-1",
                                        "from": "2026-01-01T00:00:00Z"}])
        self.assert_one_line(self.outcome(self.hub(), self.bus()), path, "/bindings/0/device")

    def test_hub_names_a_rule_that_is_none(self):
        path = self.stand_in(rules=[{"hash": "0" * 64, "document": {"signal": "glucoze"}}])
        self.assert_one_line(self.outcome(self.hub(), self.bus()), path, "/rules/0/document")

    def test_hub_that_is_not_the_files(self):
        path = self.stand_in(hub="hub-other")
        self.assert_one_line(self.outcome(self.hub(), self.bus()), path, "hub-other")

    def test_hub_without_a_pinned_key(self):
        path = self.folder / "hub.toml"
        path.write_text(path.read_text().replace("key = ", "next_key = \"\"\n#", 1))
        self.assert_one_line(self.outcome(self.hub(), self.bus()), path, "configuration.key")

    def test_care_with_a_signing_key_that_is_none(self):
        key = self.folder / "signing.key"
        key.chmod(0o600)
        key.write_text("secret")
        self.assert_one_line(self.outcome(self.care()), key, "key new")

    def test_hub_with_the_certificate_of_another(self):
        path = self.folder / "hub.toml"
        path.write_text(path.read_text().replace(f'"{HUB}"', '"hub-other"'))
        self.assert_one_line(self.outcome(self.hub(), self.bus()), "mqtt.certificate", HUB,
                             "hub-other")

    def test_files_that_are_directories(self):
        hub = self.hub()
        self.assert_one_line(self.outcome([hub[0], "--config", "/"], self.bus()), "/: cannot be read")
        path = self.folder / "hub.toml"
        path.write_text(f'household = "{self.folder}/pki"\n' + path.read_text())
        self.assert_one_line(self.outcome(hub, self.bus()), self.folder / "pki", "household")

    def test_home_names_the_place_in_its_scenario(self):
        broken = self.folder / "scenario.json"
        broken.write_text("{\"version\": 1, \"devices\": 7}")
        self.stack.start("dbus")
        command = [self.stack.bin / "vardnav-home", "--scenario", broken, "--sent",
                   self.stack.sent]
        self.assert_one_line(self.outcome(command, self.bus()), broken, "devices")


class MissingThings(Faults):
    def test_hub_without_its_certificate(self):
        certificate = self.stack.certificates / f"{HUB}.crt"
        certificate.unlink()
        self.assert_one_line(self.outcome(self.hub(), self.bus()), certificate)

    def test_care_without_its_key(self):
        key = self.stack.certificates / "vardnav-care.key"
        key.unlink()
        self.assert_one_line(self.outcome(self.care()), key)

    def test_hub_without_a_bus(self):
        command = [self.stack.bin / "vardnav-hub", "--config", self.folder / "hub.toml"]
        self.assert_one_line(self.outcome(command, self.bus()), "bus")

    def test_care_without_the_console(self):
        path = self.folder / "care.toml"
        text = path.read_text()
        path.write_text("\n".join(f'console = "{self.folder}/none"' if l.startswith("console") else l
                                  for l in text.splitlines()))
        self.assert_one_line(self.outcome(self.care()), f"{self.folder}/none")


class PortInUse(Faults):
    def test_care_names_the_port_and_the_setting(self):
        with socket.socket() as holder:
            holder.bind(("127.0.0.1", self.stack.http_port))
            holder.listen()
            self.assert_one_line(self.outcome(self.care()), self.stack.http_port, "http.port")


class InUse(Faults):
    def test_a_second_hub_on_the_same_state_is_refused(self):
        command = self.hub()
        self.stack.start("broker")
        first = self.stack.start("hub")
        wait_until(lambda: "started" in first.log.read_text(), 10, "the hub to have started")
        self.assert_one_line(self.outcome(command, self.bus()), self.folder / "hub", "in use")
        self.assertTrue(first.is_running())


class BrokerAway(Faults):
    def test_hub_says_why_goes_on_and_says_when_it_is_back(self):
        self.stack.start("dbus")
        hub = self.stack.start("hub")
        wait_until(lambda: f"no broker at 127.0.0.1:{self.stack.mqtt_port}" in hub.log.read_text(),
                   10, "the hub to say that there is no broker")
        line = self.status()["line"]
        self.assertFalse(line["connected"])
        self.assertIn("no broker", line["loss_reason"])
        self.stack.start("broker")
        wait_until(lambda: "connected to the broker" in hub.log.read_text(), 30,
                   "the hub to say that it is connected")
        self.assertTrue(hub.is_running())


def may_mount():
    return os.getuid() == 0 and subprocess.run(["unshare", "--mount", "true"],
                                               stderr=subprocess.DEVNULL).returncode == 0


def read_only(folder, command):
    """The command with a read-only file system at `folder`; root only, seen by nobody else."""
    script = 'mount -t tmpfs -o ro tmpfs "$1" && shift && exec "$@"'
    return ["unshare", "--mount", "bash", "-c", script, "bash", folder, *command]


@unittest.skipUnless(may_mount(), "mounting needs root")
class ReadOnlyDisk(Faults):
    def test_hub_says_which_folder_and_ends(self):
        state = self.folder / "hub"
        state.mkdir(exist_ok=True)
        self.assert_one_line(self.outcome(read_only(state, self.hub()), self.bus()), state)

    def test_care_says_which_folder_and_ends(self):
        state = self.folder / "care"
        self.assert_one_line(self.outcome(read_only(state, self.care())), state)


@unittest.skipUnless(may_mount(), "mounting needs root")
class FullDisk(Faults):
    """The journal's disk is full while devices send: nothing is taken, and after there is room
    again everything arrives."""

    def test_hub_loses_nothing(self):
        state = self.folder / "hub"
        state.mkdir(exist_ok=True)
        for name in ("dbus", "broker", "care"):
            self.stack.start(name)
        script = 'mount -t tmpfs -o size=4m tmpfs "$1" && shift && exec "$@"'
        plain = self.stack.process

        def with_small_disk(name):
            process = plain(name)
            if name == "hub":
                process.command = ["unshare", "--mount", "bash", "-c", script, "bash", str(state),
                                   *process.command]
            return process
        self.stack.process = with_small_disk
        hub = self.stack.start("hub")
        inside = pathlib.Path(f"/proc/{hub.popen.pid}/root{state}")  # as the hub sees it
        wait_until(lambda: "started as" in hub.log.read_text(), 10, "the hub to have started")
        wait_until(lambda: "applied" in hub.log.read_text(), 30, "the hub to know its devices")
        ballast = inside / "ballast"
        with self.assertRaises(OSError), open(ballast, "wb", buffering=0) as filler:
            while True:
                filler.write(bytes(65536))
        self.stack.start("home")
        wait_until(lambda: "full" in hub.log.read_text().lower(), 30, "the hub to say it is full")
        self.assertTrue(hub.is_running())
        def faults():
            return {fault["kind"] for fault in self.status()["heartbeat"]["faults"]}
        wait_until(lambda: {"storage", "storage-pressure"} <= faults(), 30,
                   "the technicians to be told")
        full = self.status()["heartbeat"]
        self.assertGreater(sum(one["count"] for one in full["refusals"]
                               if one["reason"] == "not-stored"), 0)
        ballast.unlink()
        api = Api(self.stack.http_port)
        api.login("operator", PASSWORD)
        reckoning = Reckoning(self.stack, api, lambda line: None)
        wait_until(self.stack.is_home_done, 60, "the virtual home to have sent everything")

        def recorded_is_stored():
            stored = set(reckoning.stored_readings().values())
            return all((e["device"], e["record_number"], e["device_time"]) in stored
                       for e in self.stack.sent_records() if e["record_number"] is not None)
        wait_until(recorded_is_stored, 60, "every record the devices keep to be stored")
        wait_until(lambda: "storage" not in faults(), 30,
                   "the hub to say that it takes records again")


class MalformedPayload(Faults):
    scenario = MALFORMED

    def test_it_is_kept_refused_and_counted_and_the_good_ones_go_on(self):
        self.stack.start_all()
        api = Api(self.stack.http_port)
        api.login("operator", PASSWORD)
        reckoning = Reckoning(self.stack, api, lambda line: None)
        wait_until(self.stack.is_home_done, 60, "the virtual home to have sent everything")
        wait_until(lambda: len(reckoning.stored_readings()) >= len(self.stack.sent_records()), 30,
                   "the good readings to be stored")
        self.assertEqual(len(reckoning.stored_readings()), len(self.stack.sent_records()))
        log = self.stack.processes["hub"].log.read_text()
        refusals = [line for line in log.splitlines() if "malformed" in line]
        self.assertTrue(refusals, log)
        self.assertGreater(self.stack.refused_captures(), 0)
        self.assertTrue(self.stack.processes["hub"].is_running())
        self.assert_told_to_a_technician(self.stack.refused_captures())

    def assert_told_to_a_technician(self, refused):
        status = self.status()
        counted = {one["reason"]: one["count"] for one in status["heartbeat"]["refusals"]}
        self.assertEqual(counted["malformed"], refused)
        self.assertIn({"disposition": "refused", "reason": "malformed", "count": refused},
                      status["journal"]["kept"])
        self.assertTrue(status["line"]["connected"])
        self.assertIn("last_receipt_at", status["line"])
        self.assertEqual(status["heartbeat"]["reading_backlog"], 0)
        devices = {one["device"] for one in status["journal"]["devices"]}
        self.assertEqual(devices, {one["device"] for one in self.stack.sent_records()})
        text = self.vardnavctl("status").stdout
        self.assertRegex(text, rf"(?m)^ +{refused}  malformed +records whose octets")
        self.assertIn(f"connected to 127.0.0.1:{self.stack.mqtt_port}", text)
        care = sqlite3.connect(f"file:{self.folder}/care/care.db?mode=ro", uri=True)
        with contextlib.closing(care):
            wait_until(lambda: any("malformed" in text for (text,) in care.execute(
                "SELECT body FROM hub_state WHERE body IS NOT NULL")), 10, "the backend to know the count")
        # Without its hub the journal still says what it keeps.
        self.stack.processes["hub"].stop()
        left = self.vardnavctl("status", "--json", "--config", self.folder / "hub.toml")
        self.assertEqual(left.returncode, 1)
        self.assertIn("does not run", left.stderr)
        self.assertNotIn("heartbeat", json.loads(left.stdout))
        self.assertEqual(json.loads(left.stdout)["journal"]["kept"], status["journal"]["kept"])


class DamagedJournal(Faults):
    def captures(self):
        try:
            return self.stack.journal("SELECT count(*) FROM capture")[0][0]
        except sqlite3.OperationalError:  # not begun yet
            return 0

    def test_the_hub_begins_anew_and_loses_nothing_that_can_be_read(self):
        """The file's head is gone, and the broker is away when it happens."""
        self.stack.start_all()
        journal = self.folder / "hub/journal.db"
        wait_until(lambda: journal.exists() and self.captures() > 2, 60, "readings of devices")
        self.stack.kill("broker")
        epoch = self.stack.journal("SELECT epoch FROM journal")[0][0]
        self.stack.processes["hub"].stop()
        before = self.stack.accepted_readings()
        with open(journal, "r+b") as file:
            file.write(bytes(4096))
        for name in ("broker", "hub"):
            self.stack.start(name)
        wait_until(lambda: list(journal.parent.glob("journal.db.damaged-*")), 30, "it to be kept")
        wait_until(self.stack.outbox_is_empty, 60, "the backend to have everything")
        self.assertNotEqual(epoch, self.stack.journal("SELECT epoch FROM journal")[0][0])
        self.assertTrue(before and before <= self.stack.accepted_readings())
        self.assertIn("the journal was damaged", (self.folder / "hub.log").read_text())


if __name__ == "__main__":
    unittest.main(verbosity=2)
