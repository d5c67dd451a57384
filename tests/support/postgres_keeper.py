#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Vardnav authors
# SPDX-License-Identifier: Apache-2.0
"""Keeps one PostgreSQL server for a test: a cluster in a temporary directory of its own, reached
over a socket there and nowhere else, as an unprivileged user, because the server refuses root.

    postgres_keeper.py [--fast]

goes to the background and says "ready DIRECTORY" on standard output. Then it takes a command a line
("kill": SIGKILL of the whole server; "start") and answers each with "ok", or "failed: why". When
its standard input ends, however the test ended, it takes everything away. --fast trades durability
for speed. KeptServer is that for Python programs."""
import contextlib
import ctypes
import os
import pathlib
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time

SETTINGS = {"listen_addresses": "", "shared_buffers": "32MB", "max_connections": "20",
            # In the cluster's directory, not in /dev/shm, where a killed server would leave it.
            "dynamic_shared_memory_type": "mmap"}
FAST = {"fsync": "off", "full_page_writes": "off", "autovacuum": "off", "wal_level": "minimal",
        "max_wal_senders": "0", "checkpoint_timeout": "1h", "max_wal_size": "4GB"}
PATIENCE = 30
LIBC = ctypes.CDLL(None, use_errno=True)


class ServerError(Exception):
    """One line that says what did not work."""


def programs():
    """Directory of the newest server that is installed."""
    found = [path.parent for path in pathlib.Path("/usr/lib/postgresql").glob("*/bin/postgres")
             if int(path.parts[-3]) >= 15]
    if not found:
        raise ServerError("there is no PostgreSQL 15 or newer: install postgresql-15")
    return max(found, key=lambda path: int(path.parts[-2]))


def _end_with_keeper():
    LIBC.prctl(1, signal.SIGQUIT)  # PR_SET_PDEATHSIG: an immediate stop


def _is_alive(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


class PostgresKeeper:
    def __init__(self, fast=False):
        self.programs = programs()
        self.settings = {**SETTINGS, **(FAST if fast else {})}
        self.server = None
        self.user = {}
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="vardnav-pg-"))
        if os.getuid() == 0:
            owner = pwd.getpwnam("postgres")
            os.chown(self.directory, owner.pw_uid, owner.pw_gid)
            self.user = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}
        self.log = self.directory / "log"
        self.data = self.directory / "data"

    def where(self, database):
        """Connection string, for libpq."""
        return f"host={self.directory} user=vardnav dbname={database}"

    def make(self):
        maker = self._spawn("initdb", "-D", self.data, "-A", "trust", "-U", "vardnav", "-E", "UTF8",
                            "--locale=C.UTF-8", "--no-sync", "--no-instructions")
        if maker.wait() != 0:
            raise ServerError(f"initdb failed: {self._last_line()}")
        return self

    def start(self):
        options = [word for name, value in self.settings.items() for word in ("-c", f"{name}={value}")]
        (self.data / "postmaster.pid").unlink(missing_ok=True)  # of one that was killed
        self.server = self._spawn("postgres", "-D", self.data, "-k", self.directory, *options)
        deadline = time.monotonic() + PATIENCE
        while self._noted(7) != "ready":
            if self.server.poll() is not None or time.monotonic() > deadline:
                raise ServerError(f"postgres does not start: {self._last_line()}")
            time.sleep(0.01)

    def kill(self):
        """As if the machine lost power, but for the disk's cache."""
        segment = self._noted(6).split()
        os.kill(self.server.pid, signal.SIGSTOP)  # makes no more children
        children = pathlib.Path(f"/proc/{self.server.pid}/task/{self.server.pid}/children")
        family = [int(pid) for pid in children.read_text().split()]
        for pid in (*family, self.server.pid):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.server.wait()
        deadline = time.monotonic() + PATIENCE
        while any(map(_is_alive, family)):
            if time.monotonic() > deadline:
                raise ServerError("processes of the server do not end")
            time.sleep(0.001)
        if len(segment) == 2:
            LIBC.shmctl(int(segment[1]), 0, None)  # IPC_RMID
        self.server = None

    def close(self):
        if self.server is not None:
            self.server.send_signal(signal.SIGQUIT)
            try:
                self.server.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                self.kill()
        shutil.rmtree(self.directory, ignore_errors=True)

    def _spawn(self, program, *words):
        with open(self.log, "ab") as log:
            return subprocess.Popen([self.programs / program, *words], stdin=subprocess.DEVNULL,
                                    stdout=log, stderr=log, cwd="/", preexec_fn=_end_with_keeper,
                                    **self.user)

    def _noted(self, line):
        """What the running server says of itself (PostgreSQL 15, miscadmin.h: lines of its file)."""
        try:
            return (self.data / "postmaster.pid").read_text().splitlines()[line].strip()
        except (FileNotFoundError, IndexError):
            return ""

    def _last_line(self):
        lines = self.log.read_text(errors="replace").strip().splitlines()
        return lines[-1] if lines else "it said nothing"


class KeptServer:
    """The keeper as another process, so that nothing is left even of a program that is killed."""

    def __init__(self, *options):
        self.keeper = subprocess.Popen([sys.executable, __file__, *options], text=True,
                                       stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        said, _, self.directory = self.keeper.stdout.readline().strip().partition(" ")
        if said != "ready":
            raise ServerError(f"PostgreSQL for tests {said} {self.directory}")
        self.keeper.wait()  # it has gone to the background

    def uri(self, database="postgres"):
        """For `database` in care.toml."""
        return f"postgresql://vardnav@/{database}?host={self.directory}"

    def start(self):
        self._order("start")

    def kill(self):
        self._order("kill")

    def close(self):
        self.keeper.stdin.close()
        self.keeper.stdout.read()

    def _order(self, command):
        self.keeper.stdin.write(command + "\n")
        self.keeper.stdin.flush()
        answer = self.keeper.stdout.readline().strip()
        if answer != "ok":
            raise ServerError(f"PostgreSQL for tests: {command} {answer}")


def obey(keeper):
    for line in sys.stdin:
        try:
            {"start": keeper.start, "kill": keeper.kill}[line.strip()]()
            print("ok", flush=True)
        except (ServerError, OSError) as fault:
            print(f"failed: {fault}", flush=True)


def main():
    # Out of reach of what ends a test with all its children, or everything at a terminal.
    if os.fork() != 0:
        return
    os.setsid()
    if os.fork() != 0:
        return
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    for name in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(name, lambda *_: sys.exit(1))
    keeper = None
    try:
        keeper = PostgresKeeper(fast="--fast" in sys.argv[1:])
        keeper.make().start()
        print(f"ready {keeper.directory}", flush=True)
        obey(keeper)
    except (ServerError, OSError, KeyError) as fault:
        with contextlib.suppress(OSError):
            print(f"failed: {fault}", flush=True)
    finally:
        if keeper:
            keeper.close()


if __name__ == "__main__":
    main()
