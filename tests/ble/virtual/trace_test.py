#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Vardnav authors
# SPDX-License-Identifier: Apache-2.0
"""Holds the virtual home's org.bluez to what the real bluetoothd was seen to do. The same hub, with
the same kinds of devices, is watched on a private bus; what it gets to see there must have been seen
from bluetoothd (tests/data/bluez-traces)."""
import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "tests/support"))
import bluez_trace  # noqa: E402
from local_hub import write_hub  # noqa: E402
from stack import Process, Stack, wait_until  # noqa: E402

RECORDED = ROOT / "tests/data/bluez-traces/bluez-5.66.json"
DEVICES = [f"C0:FF:EE:00:00:0{number}" for number in (1, 2, 3)]

# What the virtual home leaves out, because no client of ours asks for it.
LEFT_OUT = {
    "org.bluez.Adapter1": {"Class", "DiscoverableTimeout", "Modalias", "PairableTimeout", "Roles"},
    "org.bluez.Device1": {"Modalias"},
    "org.bluez.GattCharacteristic1": {"NotifyAcquired"},
    "org.bluez.GattService1": {"Includes"},
}


def watch(build):
    """The normal form of a collection from each of the three devices, and of one coming back."""
    with tempfile.TemporaryDirectory(prefix="vardnav-trace-") as folder:
        folder = pathlib.Path(folder)
        scenario = json.loads((ROOT / "tests/vm/scenario.json").read_text())
        scenario["devices"] = [
            {**device, "idle": 1, "wake": {**device["wake"], "every": 1},
             "records": [{**record, "at": 3} if record.get("at") else record
                         for record in device["records"] if "diary" not in record]}
            for device in scenario["devices"]]
        (folder / "scenario.json").write_text(json.dumps(scenario))
        write_hub(folder, DEVICES)
        (folder / "hub").mkdir(mode=0o700)
        stack = Stack(folder, build, folder / "scenario.json")
        stack._write_bus_config()
        expected = sum(len(device["records"]) for device in scenario["devices"])
        address = {"DBUS_SYSTEM_BUS_ADDRESS": stack.bus_address}
        trace = folder / "trace.log"
        try:
            stack.start("dbus")
            stack.processes["trace"] = Process(
                "trace", ["busctl", "--json=short", f"--address={stack.bus_address}", "monitor"],
                folder, address).start()
            wait_until(lambda: trace.exists() and "Monitoring" in trace.read_text(), 20, "busctl")
            stack.start("home")
            stack.start("hub")
            wait_until(lambda: len(stack.sent_records()) >= expected and
                       len(stack.accepted_readings()) >= expected, 60, "the collection to end")
            ends = lambda: trace.read_text().count('"Connected":{"type":"b","data":false}')
            wait_until(lambda: ends() >= len(DEVICES), 30, "the links to end")
        finally:
            stack.processes.setdefault("trace", Process("trace", [], folder)).stop()
            stack.stop()
        return bluez_trace.normal_form(bluez_trace.read(trace))


def differences(shown, real):
    """What the virtual home shows that bluetoothd never did, and what it lacks."""
    faults = []
    for interface, properties in real["interfaces"].items():
        mine = shown["interfaces"].get(interface, {})
        missing = set(properties) - set(mine) - LEFT_OUT.get(interface, set())
        faults += [f"{interface}.{name} is missing" for name in sorted(missing)]
        faults += [f"{interface}.{name} is of type {kind}, of bluetoothd {properties.get(name)}"
                   for name, kind in mine.items() if properties.get(name) != kind]
    for method, sequences in shown["procedures"].items():
        known = real["procedures"].get(method, [])
        faults += [f"{method}: {' · '.join(one)}\n    bluetoothd: "
                   + "\n           or: ".join(" · ".join(way) for way in known)
                   for one in sequences if one not in known]
    faults += [f"a link changes with: {change}" for change in shown["connection_changes"]
               if change not in real["connection_changes"]]
    return faults


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--build", required=True)
    arguments.add_argument("--record", nargs="+", metavar="TRACE",
                           help="write the normal form of traces of the real bluetoothd instead")
    arguments.add_argument("--versions", help="what they were recorded with")
    given = arguments.parse_args()
    if given.record:
        RECORDED.write_text(json.dumps(
            {"recorded_with": given.versions,
             **bluez_trace.merged([bluez_trace.normal_form(bluez_trace.read(pathlib.Path(file)))
                                   for file in given.record])}, indent=1) + "\n")
        return 0
    faults = differences(watch(given.build), json.loads(RECORDED.read_text()))
    print(*faults or ["the virtual home shows nothing that bluetoothd does not"], sep="\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
