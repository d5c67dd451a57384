# SPDX-FileCopyrightText: 2026 The Vardnav authors
# SPDX-License-Identifier: Apache-2.0
"""The whole of Vardnav, and everything that can be done to it while it works: one campaign of
chaos.py. Every life of the hub ends by SIGKILL before one change of its journal; between and during
these lives other things fail, one at a time, and are mended again."""
import contextlib
import datetime
import json
import os
import pathlib
import signal
import sqlite3
import time

import disk
import power_cut
import wire
from stack import Stack, StackError, run, wait_until

# Changes of the hub's journal from a start on. Most lives end at one of the first, every one of them in
# turn, in steps of 7; every n-th goes on to one of the far ones.
LAST_NEAR_POINT = 80
LAST_POINT = 400
EVERY_FAR = 12
MOST_LIVES = 2         # for each crash point that is wanted, and twenty more
SECONDS_A_POINT = 4    # of measuring at home; the least is for runs of a few points
LEAST_SECONDS = 900
MOST_RECORDS = 65000   # of a meter, whose numbers have 16 bits
LAST_CARE_POINT = 150  # changes of the backend's database
PATIENCE = 15          # seconds that a hub may take to reach its point
FULL_DISK_PATIENCE = 3  # … where it may never reach it, because it cannot write
OTHER_FAULT = 0.08     # how often something but the hub fails as a life of the hub begins
CRASH_POINTS = "hub killed at a write, truncation or sync"
PATIENCE_AT_END = 180
SETTLING = 4           # seconds in which a hub has told what its clock brings
CALM = 15              # seconds for readings to flow before a cut
CUT = (0.5, 4.0)       # seconds
DISK_MIB = {"hub": 256, "backend": 256, "database": 768}
SPARE = 64 * 1024      # of a full disk, at most
METER = "C0:FF:EE:00:00:01"
SCALE = "C0:FF:EE:00:00:02"
MONITOR = "C0:FF:EE:00:00:03"


def scenario(rng, seconds):
    """A meter that gives five results a second, one for each minute of the last weeks, a scale that
    gives three weights of each hour, one every other second, and a lung monitor, which forgets a
    blow as soon as it is acknowledged; no two of its blows are alike."""
    results, weighings = min(seconds * 5, MOST_RECORDS), seconds // 2
    glucose = [{"glucose_mg_dl": str(rng.choice([41, 52, 66, 80, 95, 120, 160, 210, 260])),
                "at": round(i * 0.2, 1), "minutes_ago": 60 + results - i} for i in range(results)]
    weights = [{"weight_kg": f"{rng.randint(13800, 14200) * 5 / 1000:.3f}", "at": i * 2,
                "minutes_ago": 30 + 20 * (weighings - i)} for i in range(weighings)]
    blows = [{"fev1_l": f"{1 + i % 300 / 100:.2f}", "fev6_l": f"{4 + i % 299 / 100:.2f}",
              "pef_l_min": str(300 + i % 307), "at": i, "minutes_ago": 0} for i in range(seconds)]
    common = {"pairing": "just-works", "idle": 2, "mtu": 185,
              "wake": {"first": 0, "every": 1, "advertise": 1}}
    return {"version": 1, "title": "Chaos", "about": "Invented values.", "devices": [
        {"address": METER, "name": "Meter", "model": "glucose-meter",
         "clock": "2026-11-24T10:00:00", **common, "records": glucose},
        {"address": SCALE, "name": "Scale", "model": "weight-scale",
         "clock": "2026-11-24T10:00:00", **common, "records": weights},
        {"address": MONITOR, "name": "Lung Monitor", "model": "lung-monitor", "clock": "now",
         "wake": common["wake"], "records": blows}]}


def measured(plan):
    """(device, record number) → value, of what the meter has in its memory."""
    (meter,) = [one for one in plan["devices"] if one["address"] == METER]
    return {(METER, number): record["glucose_mg_dl"]
            for number, record in enumerate(meter["records"], 1)}


def point_of(life):
    """The change of its files that a life of the hub ends at."""
    if life % EVERY_FAR == EVERY_FAR - 1:
        far = LAST_POINT - LAST_NEAR_POINT
        return LAST_NEAR_POINT + 1 + life // EVERY_FAR * 37 % far
    return life * 7 % LAST_NEAR_POINT + 1


def wire_time(seconds):
    """RFC 3339, of seconds since 1970."""
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).strftime(
        "%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


class Torment:
    """`home_wire`: a wire.Wire, or None where none can be made. `has_disks`: whether small disks can
    be mounted."""

    def __init__(self, folder, build, rng, points, on_postgres, home_wire, has_disks):
        self.rng, self.points, self.wire = rng, points, home_wire
        self.folder = pathlib.Path(folder)
        self.folder.chmod(0o711)  # the database's server is another user
        self.shim = pathlib.Path(build).resolve() / "bin/libcrash_point.so"
        self.disks = {}
        if has_disks and on_postgres:
            self._mount("database", self.folder / "database", 0o755)
        plan = self.folder / "chaos.json"
        said = scenario(rng, max(LEAST_SECONDS, points * SECONDS_A_POINT))
        self.measured = measured(said)
        plan.write_text(json.dumps(said))
        host = wire.BROKER if home_wire else "127.0.0.1"
        with _temporary_files_in(self.disks["database"].folder if self.disks else None):
            self.stack = Stack(self.folder / "stack", build, plan, on_postgres=on_postgres,
                               broker_host=host)
        if has_disks:
            self._mount("hub", self.stack.folder / "hub", 0o700)
            if not on_postgres:
                self._mount("backend", self.stack.folder / "care", 0o700)
        self.notes = {name: self.folder / f"{name}.notes" for name in ("hub", "care")}
        self.counts = {}
        self.reached = set()
        self.full_until = {}  # disk → number of the life that finds room again
        self.others = self._faults(on_postgres)
        self.deck = []  # each kind as often as any other

    def _mount(self, name, folder, mode):
        self.disks[name] = disk.Disk(folder, DISK_MIB[name], mode)

    def count(self, name, by=1):
        self.counts[name] = self.counts.get(name, 0) + by

    # --- lives of the hub ------------------------------------------------------------------------
    def watched(self, name, at=0):
        """The process, not started, that ends before the `at`-th change of its files (0: never), and
        whose unsynced writes are known."""
        files = {"hub": ("hub/journal.db", "hub/in-flight"), "care": ("care/care.db",)}[name]
        self.stack.environments[name] = {
            "LD_PRELOAD": str(self.shim),
            "VARDNAV_CRASH_FILES": ":".join(f"{self.stack.folder}/{file}" for file in files),
            "VARDNAV_CRASH_AT": str(at), "VARDNAV_CRASH_NOTES": str(self.notes[name])}
        process = self.stack.processes[name] = self.stack.process(name)
        if name == "hub" and self.wire:
            process.command = [*self.wire.prefix(), *process.command]
        return process

    def hub_until(self, at):
        """One life of the hub, to its `at`-th change of the journal or the in-flight note."""
        hub = self.watched("hub", at).start()
        is_full = bool(self.full_until)
        deadline = time.monotonic() + (FULL_DISK_PATIENCE if is_full else PATIENCE)
        while hub.is_running() and time.monotonic() < deadline:
            time.sleep(0.01)
        if hub.is_running():
            hub.kill()
            self.count("hub killed at leisure")
        elif hub.popen.returncode == -signal.SIGKILL:
            self.count(CRASH_POINTS)
            self.reached.add(at)
        elif is_full and hub.popen.returncode > 0:
            self.count("hub ended for want of room")
        else:
            raise StackError(f"the hub ended by itself: {hub.last_line()}")

    def maybe_cut_power(self, name):
        if self.rng.random() < 0.5:
            self.count(f"power cut of the {'hub' if name == 'hub' else 'backend'}")
            self.count("unsynced writes taken back",
                       power_cut.take_back(self.notes[name], self.stack.folder / name, self.rng))

    # --- what else fails -------------------------------------------------------------------------
    def _faults(self, on_postgres):
        faults = [self.kill_care, self.kill_broker, self.freeze_broker]
        if on_postgres:
            faults.append(self.kill_database)
        else:
            faults.append(self.crash_care)
        if self.wire:
            faults += [self.cut_wire, self.cut_wire]
        if self.disks:
            faults += [lambda name=name: self.fill(name) for name in self.disks]
        return faults

    def kill_care(self):
        self.restart("care", "backend killed")

    def kill_broker(self):
        self.restart("broker", "broker killed")

    def restart(self, name, what):
        self.stack.kill(name)
        self.stack.start(name)
        self.count(what)

    def kill_database(self):
        self.restart("database", "database killed")

    def crash_care(self):
        """The backend at a change of its database, while a hub sends; never twice without rest: what
        it has died at more than once it sets aside, by design."""
        self.stack.kill("care")
        care = self.watched("care", self.rng.randint(1, LAST_CARE_POINT)).start()
        self.live_calmly(lambda: not care.is_running())
        if care.is_running():
            care.kill()
            self.count("backend killed at leisure")
        elif care.popen.returncode == -signal.SIGKILL:
            self.count("backend killed at a change of its database")
        else:
            raise StackError(f"the backend ended by itself: {care.last_line()}")
        self.maybe_cut_power("care")
        self.watched("care")
        self.stack.start("care")
        self.live_calmly(self.is_drained)

    def freeze_broker(self):
        """It takes and never answers; the hub lives through it."""
        broker = self.stack.processes["broker"].popen
        broker.send_signal(signal.SIGSTOP)
        self.live_calmly(lambda: False, self.rng.uniform(*CUT))
        broker.send_signal(signal.SIGCONT)
        self.count("broker frozen")

    def numbered(self):
        """How many items the hub has given a number. None: as receipts()."""
        with contextlib.suppress(sqlite3.Error):
            return self.stack.journal("SELECT sum(value) FROM counter WHERE name IN"
                                      " ('alert', 'reading')")[0][0]

    def cut_wire(self):
        """While readings flow; what the hub gets meanwhile it keeps, and afterwards it goes on
        without being started anew, or is killed before."""
        names = list(wire.CUTS) + (["a trickle"] if self.wire.can_trickle else [])
        name = self.rng.choice(names)
        flows = self.flowing()

        def in_the_middle():
            (self.wire.trickle if name == "a trickle" else lambda: self.wire.cut(name))()
            # What was sent before may still be answered, where that way is open.
            before = self.numbered()
            time.sleep(self.rng.uniform(*CUT))
            after = self.receipts()
            if name != "a trickle" and before is not None and after is not None and after > before:
                raise StackError(f"receipts come in spite of '{name}': the network was not cut")
            if self.rng.random() < 0.5:
                self.wire.mend()
                wait_until(self.flowing(), 150, f"readings to flow again after '{name}'")
        try:
            self.live_calmly(flows, then=in_the_middle)
        finally:
            self.wire.mend()
        self.count(f"network: {name}")

    def fill(self, name):
        """For some lives of the hub."""
        if name in self.full_until:
            return
        self.disks[name].fill(self.rng.randrange(SPARE))
        self.full_until[name] = self.life + self.rng.randint(1, 4)
        self.count(f"disk of the {name} full")

    def free_disks(self, now):
        for name in [name for name, until in self.full_until.items() if until <= now]:
            del self.full_until[name]
            self.disks[name].free()
            if name == "hub":
                continue
            # What gave up is started again, as by systemd.
            if name == "database":
                self.restart("database", "database started anew with room")
            care = self.stack.processes["care"]
            if not care.is_running():
                if care.popen.returncode < 0:
                    raise StackError(f"the backend ended by itself: {care.last_line()}")
                self.count("backend ended for want of room")
                self.stack.start("care")

    # --- the hub at work without a fault of its own ------------------------------------------------
    def live_calmly(self, until, seconds=CALM, then=lambda: None):
        """A hub that nothing kills, till the condition is true or time is up; then SIGKILL."""
        hub = self.watched("hub").start()
        with contextlib.suppress(StackError):
            wait_until(lambda: until() or not hub.is_running(), seconds, "")
        then()
        if not hub.is_running():
            raise StackError(f"the hub ended by itself: {hub.last_line()}")
        hub.kill()

    def receipts(self):
        """What has been sent, for good: the last number given out less what waits. None: there is no
        journal that could be read."""
        with contextlib.suppress(sqlite3.Error):
            return self.stack.journal("SELECT (SELECT sum(value) FROM counter WHERE name IN ('alert',"
                                      " 'reading')) - (SELECT count(*) FROM outbox)")[0][0]

    def flowing(self):
        """A condition: receipts have come since it was asked first."""
        first = []

        def flows():
            now = self.receipts()
            if now is not None and not first:
                first.append(now)
            return now is not None and now > first[0]
        return flows

    def is_drained(self):
        with contextlib.suppress(sqlite3.Error):
            return self.stack.outbox_is_empty()
        return False

    # --- from start to end -------------------------------------------------------------------------
    def crash_points(self):
        return self.counts.get(CRASH_POINTS, 0)

    def lives(self, say):
        """As many as it takes for the crash points that are wanted; not without end."""
        for self.life in range(self.points * MOST_LIVES + 20):
            if self.crash_points() >= self.points:
                return
            before = self.crash_points()
            self.free_disks(self.life)
            if self.rng.random() < OTHER_FAULT and not self.full_until:
                self.deck = self.deck or self.rng.sample(self.others, len(self.others))
                self.deck.pop()()
            self.hub_until(point_of(self.life))
            self.count("lives of the hub")
            self.maybe_cut_power("hub")
            if self.crash_points() == before and self.stack.is_home_done():
                return say("the home has nothing left to give")
            if (self.life + 1) % 100 == 0:
                say(f"{self.life + 1} lives of the hub, {self.crash_points()} of {self.points} crash"
                    f" points: {self.counts}")

    def mend(self):
        """Everything whole again; the home sends nothing more, and what waits is drained."""
        self.free_disks(self.life + 100)
        self.stack.processes["home"].stop()
        for name in ("broker", "care"):
            self.stack.processes[name].stop()
            self.stack.start(name)
        deadline = time.monotonic() + PATIENCE_AT_END
        while time.monotonic() < deadline:
            hub = self.watched("hub").start()
            settled = time.monotonic() + SETTLING
            self.await_drained(settled)
            self.take_in_again()
            self.await_drained(settled)
            # At rest, because a hub that has just started still takes up what was on its way.
            hub.stop()
            self.stack.stopped_at = wire_time(time.time())
            if self.is_drained():
                return
        raise StackError("the hub never comes to rest with all its receipts")

    def await_drained(self, not_before):
        wait_until(lambda: time.monotonic() > not_before and self.is_drained(), PATIENCE_AT_END,
                   "the hub to have all its receipts")

    def take_in_again(self):
        """As a technician does: a record that two deaths were blamed on is kept raw until then."""
        aside = [key for (key,) in self.stack.journal(
            "SELECT lower(hex(key)) FROM capture WHERE reason = 'unfinished'")]
        if not aside:
            return
        self.count("records set aside by the hub, and decoded again by a technician", len(aside))
        bus = {**os.environ, "DBUS_SYSTEM_BUS_ADDRESS": self.stack.bus_address}

        def taken_in():  # not before the hub has its name on the bus
            with contextlib.suppress(StackError):
                return run([self.stack.bin / "vardnavctl", "redecode", *aside], env=bus)
        wait_until(taken_in, 60, "vardnavctl redecode")

    @contextlib.contextmanager
    def done(self, say):
        """The stack after all of it, still there to be looked at."""
        try:
            self.stack.prepare()
            with (self.stack.folder / "hub.toml").open("a") as config:
                config.write('[devices]\nenable = ["vitalograph"]\n')
            if not self.stack.database:
                self.watched("care")
            for name in ("dbus", "broker", "care", "home"):
                self.stack.start(name)
            self.lives(say)
            self.mend()
            yield self.stack
        finally:
            with contextlib.suppress(KeyError, ProcessLookupError):
                self.stack.processes["broker"].popen.send_signal(signal.SIGCONT)
            self.stack.stop()


@contextlib.contextmanager
def _temporary_files_in(folder):
    before = os.environ.get("TMPDIR")
    if folder:
        os.environ["TMPDIR"] = str(folder)
    try:
        yield
    finally:
        if folder:
            os.environ.pop("TMPDIR")
            if before is not None:
                os.environ["TMPDIR"] = before
