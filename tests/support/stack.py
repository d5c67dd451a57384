# SPDX-FileCopyrightText: 2026 The Vardnav authors
# SPDX-License-Identifier: Apache-2.0
"""The whole of Vardnav on one machine: a private D-Bus, the virtual home, the hub, mosquitto with
TLS and the backend, each a process of its own that can be killed and started again. The demo, the
end-to-end tests and the benchmarks stand on it. Nothing but loopback, free ports, one folder."""
import contextlib
import ctypes
import json
import os
import pathlib
import random
import re
import signal
import socket
import sqlite3
import subprocess
import time

from postgres_keeper import KeptServer

ROOT = pathlib.Path(__file__).resolve().parents[2]
HUB = "hub-demo-1"
PERSON = "p-7f3a"
BEGINNING = "2026-01-01T00:00:00Z"
# Shipped templates, as the demo's prescribers have signed them.
RULE_SETS = {"demo-diabetes": ["glucose-low.json", "glucose-above-range.json", "ketones.json"],
             "demo-heart-failure": ["weight-gain.json"], "demo-copd": ["fev1-fall.json"]}
PASSWORD = "demo"
USERS = {"operator": ("Olle Operatör", ["team-copd", "team-home"]),
         "kommun": ("Karin Kommun", ["team-home"]),
         "region": ("Rut Region", ["team-copd"]),
         "tekniker": ("Tove Teknik", ["desk-service"])}


class StackError(Exception):
    """One line that says what did not start and what to change."""


def free_port():
    """Outside the range that outgoing connections are given, so that it stays free until used."""
    while True:
        port = random.randrange(20000, 32000)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
                return port
            except OSError:
                continue


def wait_until(condition, seconds, what):
    """Polls until the condition gives something true; returns it."""
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise StackError(f"waited {seconds} s for {what}")
        time.sleep(0.05)


def _die_with_parent():
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG
    os.setpgrp()  # a Ctrl-C at the terminal is for the parent, which then stops things in order


class Process:
    """A child with its log in a file. Ends only what it started."""

    def __init__(self, name, command, folder, env=None, stdout=None):
        self.name, self.command, self.env, self.stdout = name, [str(c) for c in command], env, stdout
        self.log = folder / f"{name}.log"
        self.popen = None

    def start(self):
        with open(self.log, "ab") as log:
            self.popen = subprocess.Popen(
                self.command, stdin=subprocess.DEVNULL, stdout=self.stdout or log, stderr=log,
                env={**os.environ, **(self.env or {})}, preexec_fn=_die_with_parent)
        return self

    def is_running(self):
        return self.popen is not None and self.popen.poll() is None

    def last_line(self):
        lines = self.log.read_text(errors="replace").strip().splitlines()
        return lines[-1] if lines else "(it said nothing)"

    def kill(self):
        """SIGKILL, as a power cut of this one process."""
        self.popen.kill()
        self.popen.wait()

    def stop(self):
        if not self.is_running():
            return
        self.popen.terminate()
        try:
            self.popen.wait(10)
        except subprocess.TimeoutExpired:
            self.kill()


def run(command, **options):
    done = subprocess.run([str(c) for c in command], capture_output=True, text=True, **options)
    if done.returncode != 0:
        lines = (done.stderr.strip() or done.stdout.strip() or "no message").splitlines()
        raise StackError(f"{pathlib.Path(command[0]).name}: {lines[-1]}")
    return done.stdout


def make_certificates(folder, names, host="127.0.0.1"):
    """A throw-away authority and a certificate per name, valid a week, each for this machine and
    `host`."""
    folder.mkdir(parents=True, exist_ok=True)
    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    run(["openssl", "req", "-x509", *key, "-keyout", folder / "ca.key", "-out", folder / "ca.crt",
         "-subj", "/CN=Vardnav throw-away CA", "-days", "7",
         "-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=critical,keyCertSign"])
    for name in names:
        run(["openssl", "req", *key, "-keyout", folder / f"{name}.key", "-out",
             folder / f"{name}.csr", "-subj", f"/CN={name}"])
        extensions = folder / f"{name}.ext"
        extensions.write_text("basicConstraints=CA:FALSE\n"
                              "extendedKeyUsage=serverAuth,clientAuth\n"
                              f"subjectAltName=IP:127.0.0.1,IP:{host},DNS:localhost\n")
        run(["openssl", "x509", "-req", "-in", folder / f"{name}.csr", "-CA", folder / "ca.crt",
             "-CAkey", folder / "ca.key", "-CAcreateserial", "-out", folder / f"{name}.crt",
             "-days", "7", "-extfile", extensions])


class Stack:
    """`on_postgres`: the backend keeps its record there, in a server of the stack's own, which is
    the process "database"; otherwise in SQLite. `broker_host`: where the hub finds the broker, if
    that is not this machine to it."""

    def __init__(self, folder, build, scenario, http_port=None, on_postgres=False,
                 broker_host="127.0.0.1"):
        self.folder = pathlib.Path(folder)
        self.bin = pathlib.Path(build).resolve() / "bin"
        self.scenario = pathlib.Path(scenario)
        self.broker_host = broker_host
        self.http_port = http_port or free_port()
        self.mqtt_port = free_port()
        self.sent = self.folder / "sent.ndjson"
        self.bus_address = f"unix:path={self.folder}/bus"
        self.certificates = self.folder / "pki"
        self.processes = {}
        self.environments = {}  # of a process: what more it is to have
        self.database = KeptServer() if on_postgres else None
        self.url = f"http://127.0.0.1:{self.http_port}"

    # --- what each process is told -----------------------------------------------------------
    def _write_bus_config(self):
        (self.folder / "bus.conf").write_text(
            "<busconfig><type>system</type>"
            f"<listen>{self.bus_address}</listen><auth>EXTERNAL</auth>"
            '<policy context="default"><allow user="*"/><allow own="*"/>'
            '<allow send_type="method_call"/><allow send_type="signal"/>'
            '<allow send_requested_reply="true" send_type="method_return"/>'
            '<allow send_requested_reply="true" send_type="error"/>'
            '<allow receive_type="method_call"/><allow receive_type="method_return"/>'
            '<allow receive_type="error"/><allow receive_type="signal"/></policy></busconfig>')

    def _write_broker_config(self):
        acl = self.folder / "acl"
        acl.write_text("pattern write vardnav/1/%u/up/#\n"
                       "pattern read vardnav/1/%u/down/#\n\n"
                       "user vardnav-care\n"
                       "topic read vardnav/1/+/up/+\n"
                       "topic write vardnav/1/+/down/+\n")
        acl.chmod(0o600)
        pki = self.certificates
        listened = " 127.0.0.1" if self.broker_host == "127.0.0.1" else ""
        (self.folder / "mosquitto.conf").write_text(
            f"listener {self.mqtt_port}{listened}\n"
            f"cafile {pki}/ca.crt\ncertfile {pki}/broker.crt\nkeyfile {pki}/broker.key\n"
            "require_certificate true\nuse_identity_as_username true\n"
            f"allow_anonymous false\nacl_file {acl}\n"
            "set_tcp_nodelay true\npersistence false\nmax_queued_messages 10000\n"
            + ("user root\n" if os.getuid() == 0 else ""))

    def _write_care_config(self, console):
        pki = self.certificates
        database = f'database = "{self.database.uri()}"\n' if self.database else ""
        (self.folder / "care.toml").write_text(
            f'state = "{self.folder}/care"\n{database}[http]\nlisten = "127.0.0.1"\nport = {self.http_port}\n'
            f'console = "{console}"\n[mqtt]\nhost = "127.0.0.1"\nport = {self.mqtt_port}\n'
            f'ca = "{pki}/ca.crt"\ncertificate = "{pki}/vardnav-care.crt"\n'
            f'key = "{pki}/vardnav-care.key"\n[signing]\nkey = "{self.folder}/signing.key"\n')

    def _write_hub_config(self, signing_key):
        pki = self.certificates
        (self.folder / "hub.toml").write_text(
            f'hub = "{HUB}"\nstate = "{self.folder}/hub"\n'
            # Here nothing may keep the machine's clock, and it is right all the same.
            f'[clock]\ntrust = "always"\n[configuration]\nkey = "{signing_key}"\n'
            f'[mqtt]\nhost = "{self.broker_host}"\n'
            f'port = {self.mqtt_port}\nca = "{pki}/ca.crt"\ncertificate = "{pki}/{HUB}.crt"\n'
            f'key = "{pki}/{HUB}.key"\n')

    # --- who signs what ----------------------------------------------------------------------
    def care(self, *words, **options):
        return run([self.bin / "vardnav-care", "--config", self.folder / "care.toml", *words],
                   **options)

    def _make_keys(self):
        """Returns public keys; the backend's signs configurations, the others rule sets."""
        keys = {name: self.care("key", "new", self.folder / f"{name}.key").strip()
                for name in ("signing", "author", "approver")}
        for name, person in (("author", "Dr Exempel"), ("approver", "Dr Prov")):
            self.care("rules", "trust", keys[name], "--name", person, "--as", name)
        return keys

    def sign_rules(self, name, version, templates, effective_from=BEGINNING):
        """A set of shipped templates, signed by both, in a file ready to import."""
        rules = [json.loads((ROOT / "rules/templates" / one).read_text()) for one in templates]
        path = self.folder / f"{name}-{version}.json"
        path.write_text(json.dumps({
            "format": 1, "id": name, "version": version,
            "title": {"sv": f"Regler för {name}", "en": f"Rules of {name}"},
            "effective_from": effective_from,
            "review_by": "2099-01-01T00:00:00Z", "rules": rules}, ensure_ascii=False))
        for role in ("author", "approver"):
            path.write_text(self.care("rules", "sign", path, "--key",
                                       self.folder / f"{role}.key", "--as", role))
        return path

    # --- starting and stopping ---------------------------------------------------------------
    def prepare(self, console=ROOT / "cloud/console/dist"):
        self.folder.mkdir(parents=True, exist_ok=True)
        self.folder.chmod(0o700)
        make_certificates(self.certificates, ["broker", "vardnav-care", HUB], self.broker_host)
        self._write_bus_config()
        self._write_broker_config()
        self._write_care_config(console)
        keys = self._make_keys()
        self._write_hub_config(keys["signing"])
        for name, templates in RULE_SETS.items():
            self.care("rules", "import", self.sign_rules(name, 1, templates))
        self.care("registry", "import", ROOT / "tests/demo/registry.json")
        for name, (display, teams) in USERS.items():
            membership = [word for team in teams for word in ("--team", team)]
            self.care("user", "add", name, "--display", display, *membership,
                       input=PASSWORD + "\n")

    def process(self, name):
        bus = {"DBUS_SYSTEM_BUS_ADDRESS": self.bus_address}
        commands = {
            "dbus": (["dbus-daemon", f"--config-file={self.folder}/bus.conf", "--nofork"], {}),
            "home": ([self.bin / "vardnav-home", "--scenario", self.scenario, "--sent", self.sent],
                     bus),
            "broker": (["/usr/sbin/mosquitto", "-c", self.folder / "mosquitto.conf"], {}),
            "care": ([self.bin / "vardnav-care", "--config", self.folder / "care.toml"], {}),
            "hub": ([self.bin / "vardnav-hub", "--config", self.folder / "hub.toml"], bus),
        }
        command, env = commands[name]
        return Process(name, command, self.folder, {**env, **self.environments.get(name, {})})

    def start(self, name):
        """Starts one process and waits until it serves."""
        if name == "database":
            return self.database.start()
        process = self.processes[name] = self.process(name).start()
        ready = {"dbus": lambda: pathlib.Path(f"{self.folder}/bus").is_socket(),
                 "broker": lambda: self.accepts(self.mqtt_port),
                 "care": lambda: self.accepts(self.http_port)}.get(name, lambda: True)

        def up():
            if not process.is_running():
                raise StackError(f"{name} ended at once: {process.last_line()}")
            return ready()
        wait_until(up, 60, f"{name} to serve ({process.log})")
        return process

    def start_all(self):
        for name in ("dbus", "broker", "care", "hub", "home"):
            self.start(name)

    def kill(self, name):
        (self.database if name == "database" else self.processes[name]).kill()

    def stop(self):
        for name in ("home", "hub", "care", "broker", "dbus"):
            if name in self.processes:
                self.processes[name].stop()
        if self.database:
            self.database.close()

    @staticmethod
    def accepts(port):
        with socket.socket() as probe:
            probe.settimeout(0.5)
            return probe.connect_ex(("127.0.0.1", port)) == 0

    # --- what was truly sent -----------------------------------------------------------------
    def _sent_entries(self):
        """Every line that is written out; the last one may still be on its way."""
        if not self.sent.exists():
            return []
        complete, _, _ = self.sent.read_text().rpartition("\n")
        return [json.loads(line) for line in complete.splitlines()]

    def sent_records(self):
        """Distinct records that carry a measurement, by (device, characteristic, hex), with the
        time each first went out."""
        records = {}
        for entry in self._sent_entries():
            if entry["counts"]:
                key = (entry["device"], entry["characteristic"], entry["hex"])
                records.setdefault(key, entry)
        return list(records.values())

    def is_home_done(self):
        """Every record of the scenario has gone out at least once."""
        announced = re.search(r"(\d+) records", (self.folder / "home.log").read_text())
        gone = {(e["device"], e["characteristic"], e["hex"]) for e in self._sent_entries()}
        return bool(announced) and len(gone) >= int(announced.group(1))

    # --- what the hub's own journal says -------------------------------------------------------
    def journal(self, query):
        address = f"file:{self.folder}/hub/journal.db?mode=ro"
        with contextlib.closing(sqlite3.connect(address, uri=True)) as database:
            return database.execute(query).fetchall()

    def outbox_is_empty(self):
        return self.journal("SELECT count(*) FROM outbox")[0][0] == 0

    def refused_captures(self):
        return self.journal("SELECT count(*) FROM capture WHERE disposition = 'refused'")[0][0]

    def accepted_readings(self):
        """Reading keys, as the API writes them."""
        rows = self.journal("SELECT lower(hex(key)) FROM capture WHERE disposition = 'accepted'")
        return {key for (key,) in rows}

    def alerts_told(self):
        """Transitions of every verdict."""
        return [name for (name,) in self.journal("SELECT transition FROM verdict")]
