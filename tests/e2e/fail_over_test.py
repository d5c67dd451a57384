#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Vardnav authors
# SPDX-License-Identifier: Apache-2.0
"""Two brokers that know nothing of each other: what the hub reads and what the backend receipts go
on when one of them dies, or has no backend behind it."""
import os
import pathlib
import shutil
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/support"))

from api import Api  # noqa: E402
from reckoning import Reckoning  # noqa: E402
from stack import PASSWORD, Process, Stack, free_port, wait_until  # noqa: E402

BUILD = pathlib.Path(os.environ.get("VARDNAV_BUILD", ROOT / "build/dev"))
QUICK = ROOT / "tests/data/scenarios/quick.json"


class TwoBrokers(Stack):
    """Its second broker is the process "spare"."""

    def prepare(self):
        super().prepare()
        self.spare_port = free_port()
        config = self.folder / "mosquitto.conf"
        (self.folder / "spare.conf").write_text(
            config.read_text().replace(str(self.mqtt_port), str(self.spare_port)))
        for name in ("hub", "care"):
            self.name_brokers(name, self.mqtt_port, self.spare_port)

    def name_brokers(self, name, *ports, more=""):
        lines = (self.folder / f"{name}.toml").read_text().split("[mqtt]\n")
        kept = [line for line in lines[1].splitlines()
                if not line.startswith(("host", "port", "brokers", "listen"))]
        brokers = ", ".join(f'"127.0.0.1:{port}"' for port in ports)
        (self.folder / f"{name}.toml").write_text(
            lines[0] + f"[mqtt]\nbrokers = [{brokers}]\n{more}" + "\n".join(kept) + "\n")

    def process(self, name):
        if name == "spare":
            return Process(name, ["/usr/sbin/mosquitto", "-c", self.folder / "spare.conf"],
                           self.folder)
        return super().process(name)

    def stop(self):
        super().stop()
        if "spare" in self.processes:
            self.processes["spare"].stop()


class FailOver(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="vardnav-fail-over-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.stack = TwoBrokers(self.folder, BUILD, QUICK)
        self.stack.prepare()
        self.addCleanup(self.stack.stop)

    def log(self, name):
        return (self.folder / f"{name}.log").read_text()

    def serves(self, port):
        return f"broker 127.0.0.1:{port} serves" in self.log("hub")

    def begin(self):
        for name in ("dbus", "broker", "spare", "care"):
            self.stack.start(name)
        wait_until(lambda: "broker connected" in self.log("care"), 20, "the backend to listen")
        self.stack.start("hub")
        wait_until(lambda: self.serves(self.stack.mqtt_port), 20, "the hub on the first broker")
        wait_until(lambda: "applied" in self.log("hub"), 30, "the hub to know its devices")

    def expect_everything(self, seconds):
        api = Api(self.stack.http_port)
        api.login("operator", PASSWORD)
        reckoning = Reckoning(self.stack, api, lambda line: None)
        wait_until(self.stack.is_home_done, 60, "the virtual home to have sent everything")

        def is_complete():
            return (len(reckoning.stored_readings()) >= len(self.stack.sent_records())
                    and self.stack.outbox_is_empty())
        wait_until(is_complete, seconds, "every reading to be stored and receipted")
        self.assertEqual(len(reckoning.stored_readings()), len(self.stack.sent_records()))

    def healthz(self):
        return Api(self.stack.http_port).get("/healthz")["mqtt"]

    def kill_the_first_while_readings_come(self):
        self.begin()
        self.stack.start("home")
        wait_until(lambda: self.stack.sent_records(), 30, "the home to begin")
        self.stack.kill("broker")
        wait_until(lambda: self.serves(self.stack.spare_port), 20, "the hub on the second broker")

    def test_readings_and_receipts_go_on_by_the_second_broker(self):
        self.kill_the_first_while_readings_come()
        self.expect_everything(30)
        wait_until(lambda: self.healthz() == "partly", 10, "the backend to say that one is away")
        self.stack.start("broker")
        wait_until(lambda: self.healthz() == "connected", 40, "the backend to listen on both")

    def test_a_backend_that_listens_on_one_goes_with_it(self):
        """As on a cluster or on bridged brokers."""
        self.stack.name_brokers("care", self.stack.mqtt_port, self.stack.spare_port,
                                more='listen = "one"\n')
        self.kill_the_first_while_readings_come()
        self.expect_everything(30)
        self.assertEqual(self.healthz(), "connected")

    def test_a_broker_without_a_backend_behind_it_is_turned_away_from(self):
        self.begin()
        self.stack.processes["care"].stop()
        self.stack.name_brokers("care", self.stack.spare_port)
        self.stack.start("care")
        self.stack.start("home")
        wait_until(lambda: self.serves(self.stack.spare_port), 60, "the hub to turn to the second")
        self.assertIn("no receipt from the backend for 30 s", self.log("hub"))
        self.expect_everything(30)


if __name__ == "__main__":
    unittest.main(verbosity=2)
