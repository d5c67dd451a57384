# SPDX-FileCopyrightText: 2026 The Vardnav authors
# SPDX-License-Identifier: Apache-2.0
"""A home in the virtual machine: btvirt's controllers with its emulated radio between them, the real
bluetoothd, vardnav-hub on hci0 and vardnav-home on the others. Every wait is for a condition."""
import json
import pathlib
import shutil
import subprocess

from machine import HERE, Machine
from local_hub import write_hub
from stack import ROOT, StackError

HUB_ADAPTER = "hci0"
ADDRESSES = {"hci0": "00:AA:01:00:00:00", "hci1": "00:AA:01:01:00:01",
             "hci2": "00:AA:01:02:00:02", "hci3": "00:AA:01:03:00:03"}  # btvirt's own
JOURNAL = "/var/lib/vardnav/journal.db"
BLUETOOTHD = "/usr/libexec/bluetooth/bluetoothd"
# No health device has enhanced ATT; between two bluetoothd 5.66, values and confirmations on
# several channels overtake each other, and confirmations are taken for faults.
BLUETOOTH_CONFIG = "[GATT]\\nChannels = 1\\n"
PROGRAMS = ("vardnav-hub", "vardnav-home")


def prepare_share(share, build):
    """What every guest of this build is given."""
    programs = share / "bin"
    programs.mkdir(parents=True)
    for name in PROGRAMS:
        # Symbols stay here: the guest reads every page of it through the emulated bus.
        subprocess.run(["strip", "-o", programs / name, pathlib.Path(build) / "bin" / name],
                       check=True)
    shutil.copy(ROOT / "image/dbus/org.vardnav.Hub.conf", share)
    write_hub(share, [ADDRESSES[name] for name in ADDRESSES if name != HUB_ADAPTER], "/share",
              "/var/lib/vardnav")
    # btvirt 5.66 confuses two links of one controller, so each device has a home to itself.
    shutil.copy(ROOT / "ble/virtual/data/diabetes/data-05", share)
    scenario = json.loads((HERE / "scenario.json").read_text())
    for device in scenario["devices"]:
        (share / f"{device['model']}.json").write_text(
            json.dumps({**scenario, "devices": [device]}))


class Bench:
    def __init__(self, image, share):
        self.share = pathlib.Path(share)
        self.machine = Machine(image, share)
        self.wait = self.machine.wait
        self.run = self.machine.run

    def boot(self):
        self.machine.boot()
        self.run("mkdir -p -m 700 /var/lib/vardnav && mkdir -p /opt && cp /share/bin/* /opt/ && "
                 "cp /share/org.vardnav.Hub.conf /etc/dbus-1/system.d/ && "
                 "kill -HUP $(pidof dbus-daemon) && "
                 f"printf '{BLUETOOTH_CONFIG}' >/etc/bluetooth/main.conf")
        return self

    # --- processes -----------------------------------------------------------------------------
    def start(self, name, command):
        """In the background; its output is name.log in the share."""
        return int(self.run(f"setsid {command} </dev/null >>/share/{name}.log 2>&1 & echo $!"))

    def log(self, name):
        file = self.share / f"{name}.log"
        return file.read_text(errors="replace") if file.exists() else ""

    def end(self, name, signal="KILL"):
        """Ends every process of that name, and waits until it is gone."""
        self.run(f"kill -{signal} $(pidof {name})")
        self.wait(lambda: self.machine.try_run(f"pidof {name}")[0] != 0, 20, f"{name} to end")

    def kill_once(self, name, sent):
        """SIGKILL at the moment when that many measurements have gone out: in mid-transfer."""
        self.run(f"while [ $(wc -l </share/sent.ndjson 2>/dev/null || echo 0) -lt {sent} ]; "
                 f"do usleep 5000; done; kill -KILL $(pidof {name})", seconds=240)

    def is_running(self, name):
        return self.machine.try_run(f"pidof {name}")[0] == 0

    # --- Bluetooth -----------------------------------------------------------------------------
    def plug_in(self, controllers=4):
        self.start("btvirt", f"btvirt -L -l{controllers}")

    def unplug(self):
        self.end("btvirt")

    def start_bluetoothd(self):
        self.start("bluetoothd", f"{BLUETOOTHD} -n -d")

    def has_adapters(self, names):
        return all(self.machine.try_run(
            f"busctl get-property org.bluez /org/bluez/{name} org.bluez.Adapter1 Address")[0] == 0
            for name in names)

    def wait_for_adapters(self, names=tuple(ADDRESSES)):
        self.wait(lambda: self.has_adapters(names), 60, f"bluetoothd to have {', '.join(names)}")

    def peer(self, adapter, of):
        """Object path under which `adapter` knows the controller `of`."""
        return f"/org/bluez/{adapter}/dev_{ADDRESSES[of].replace(':', '_')}"

    def forget(self, adapter, of):
        self.run(f"busctl call org.bluez /org/bluez/{adapter} org.bluez.Adapter1 RemoveDevice o "
                 f"{self.peer(adapter, of)}")

    def is_set(self, adapter, of, flag):
        status, said = self.machine.try_run(
            f"busctl get-property org.bluez {self.peer(adapter, of)} org.bluez.Device1 {flag}")
        return status == 0 and said.strip() == "b true"

    # --- Vardnav -------------------------------------------------------------------------------
    def start_hub(self):
        self.start("hub", "/opt/vardnav-hub --config /share/hub.toml")

    def start_home(self, model, adapter):
        self.start("home", f"/opt/vardnav-home --scenario /share/{model}.json "
                           f"--sent /share/sent.ndjson --adapter {adapter}")

    def end_home(self):
        """The device is switched off; its client notices."""
        self.end("vardnav-home", "TERM")

    def is_collected(self):
        """All that went out is stored, and something did."""
        sent = self.sent()
        return bool(sent) and sent == set(self.stored())

    def start_trace(self):
        """Every message from and to bluetoothd, and who owns its name, as JSON lines."""
        self.start("trace", "busctl --json=short --match=\"sender='org.bluez'\" "
                            "--match=\"destination='org.bluez'\" "
                            "--match=\"type='method_return'\" --match=\"type='error'\" "
                            "--match=\"member='NameOwnerChanged'\" monitor")

    def sent(self):
        """Distinct measurements that went out, as (device, characteristic, octets)."""
        file = self.share / "sent.ndjson"
        lines = file.read_text().rpartition("\n")[0].splitlines() if file.exists() else []
        entries = map(json.loads, lines)
        return {(e["device"], e["characteristic"], e["hex"].upper())
                for e in entries if e["counts"]}

    def journal(self, query):
        status, said = self.machine.try_run(f"sqlite3 -readonly -json {JOURNAL} \"{query}\"")
        if status != 0:
            raise StackError(f"the hub's journal: {said.strip()}")
        return json.loads(said) if said.strip() else []

    def stored(self):
        """Accepted captures, as sent() writes them; a list, so that a double shows."""
        if self.machine.try_run(f"test -e {JOURNAL}")[0] != 0:
            return []
        rows = self.journal("SELECT device, characteristic, hex(bytes) AS octets FROM capture "
                            "WHERE disposition = 'accepted'")
        return [(row["device"], row["characteristic"], row["octets"]) for row in rows]

    def stop(self):
        self.machine.stop()
