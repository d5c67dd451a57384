#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Vardnav authors
# SPDX-License-Identifier: Apache-2.0
"""The real programs under everything that can be done to them: vardnav-hub is killed with SIGKILL
before every write, truncation and sync of its journal and its in-flight note in turn
(crash_point.cpp), every other time with what it had not synced taken back as a power cut would; the
backend dies so too; broker and database server are killed, the network between home and broker is
cut, disks are full. At the end everything is mended, what waits is drained, and one page tells what
was done and what was accepted, lost, stored twice, and which alerts are missing or have no ground.
Exit 1 if any, or if the crash points that were wanted were not reached. A life of the hub that ends
otherwise (without room, or before it comes to its point) is no crash point.

  ./dev chaos [--points 3000] [--seed N]

Two campaigns share the points: the backend on SQLite, and on PostgreSQL. As root the network is cut
in network namespaces and disks are mounted; without, the page says what could not be done."""
import argparse
import pathlib
import random
import shutil
import signal
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests/support"), str(ROOT / "tests/chaos")]

import disk  # noqa: E402
import outcome  # noqa: E402
import wire  # noqa: E402
from postgres_keeper import ServerError  # noqa: E402
from stack import StackError  # noqa: E402
from torment import CRASH_POINTS, LAST_NEAR_POINT, LAST_POINT, Torment  # noqa: E402

SHARE_ON_POSTGRES = 0.25


def say(line):
    print(line, flush=True)


class Campaign:
    """One stack from its first start to its end, and what came of it."""

    def __init__(self, on_postgres, points, seed):
        self.on_postgres, self.points = on_postgres, points
        self.rng = random.Random(f"{seed} {on_postgres}")
        self.counts, self.outcome, self.faults, self.reached = {}, {}, [], set()

    def run(self, build, home_wire, has_disks):
        folder = pathlib.Path(tempfile.mkdtemp(prefix="vardnav-chaos-"))
        try:
            torment = Torment(folder, build, self.rng, self.points, self.on_postgres, home_wire,
                              has_disks)
            self.counts, self.reached = torment.counts, torment.reached
            try:
                with torment.done(say) as stack:
                    self.outcome = outcome.of(stack, torment.measured, say)
                    self.faults = outcome.faults(self.outcome, self.points)
                if torment.crash_points() < self.points:
                    self.faults.append(f"only {torment.crash_points()} of {self.points} crash points"
                                       " were reached")
            except (StackError, ServerError) as fault:
                self.faults = [str(fault)]
                tell_logs(torment.stack.folder)
        finally:
            for mounted in torment.disks.values() if "torment" in locals() else ():
                mounted.unmount()
            shutil.rmtree(folder, ignore_errors=True)

    def page(self):
        title = "PostgreSQL" if self.on_postgres else "SQLite"
        lines = [f"## The backend on {title}: {self.counts.get(CRASH_POINTS, 0)} crash points in"
                 f" {self.counts.get('lives of the hub', 0)} lives of the hub", "", "Faults:", ""]
        lines += [f"- {name}: {number}" for name, number in sorted(self.counts.items())]
        lines += [f"- changes after a start that a hub was killed at: {spread(self.reached)}", "",
                  "Outcome:", ""]
        lines += [f"- {name}: {number}" for name, number in self.outcome.items()]
        lines += ["", *(f"**{fault}**" for fault in self.faults or
                        ["Nothing lost, nothing twice, no alert missed."]), ""]
        return lines


def spread(reached):
    """Which of the changes after a start, near and far."""
    near = sum(1 for at in reached if at <= LAST_NEAR_POINT)
    return (f"{near} of the first {LAST_NEAR_POINT}, {len(reached) - near} of those up to the"
            f" {LAST_POINT}th, the furthest the {max(reached, default=0)}th")


def tell_logs(folder):
    for log in sorted(folder.glob("*.log")):
        say(f"--- {log.name}\n" + "\n".join(log.read_text(errors="replace").splitlines()[-15:]))


def network_and_disks():
    """A wire and whether disks can be mounted, and what is not possible here."""
    missing = []
    home_wire, has_disks = None, False
    try:
        disk.see_mounts_alone()
        has_disks = True
    except disk.NotPermitted as fault:
        missing.append(f"full disks ({fault})")
    try:
        home_wire = wire.Wire()
        if not home_wire.can_trickle:
            missing.append("a trickle of a network (this kernel has no token bucket)")
    except wire.NotPermitted as fault:
        missing.append(f"network partitions ({fault})")
    return home_wire, has_disks, missing


def report(seed, campaigns, missing, seconds):
    lines = [f"# Chaos, seed {seed}, {seconds / 60:.0f} minutes", "",
             "vardnav-hub, vardnav-care, vardnav-home, mosquitto with TLS; SIGKILL before each write,"
             " truncation and sync of the hub's journal and in-flight note in turn.", ""]
    lines += [f"Could not be done here: {what}." for what in missing] + ([""] if missing else [])
    for campaign in campaigns:
        lines += campaign.page()
    sound = not any(campaign.faults for campaign in campaigns)
    lines += ["## Verdict", "", "Sound." if sound else "**Not sound.**"]
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--build", default=ROOT / "build/dev")
    parser.add_argument("--points", type=int, default=3000, help="crash points of the hub in all")
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--database", choices=("sqlite", "postgres", "both"), default="both")
    parser.add_argument("--report", type=pathlib.Path)
    arguments = parser.parse_args()
    seed = arguments.seed if arguments.seed is not None else random.SystemRandom().randrange(10**6)
    say(f"seed {seed} (the same faults in the same order with --seed {seed})")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # what was begun is taken away
    started = time.monotonic()
    home_wire, has_disks, missing = network_and_disks()
    on_postgres = {"sqlite": 0, "postgres": arguments.points,
                   "both": int(arguments.points * SHARE_ON_POSTGRES)}[arguments.database]
    campaigns = [Campaign(*which, seed) for which in
                 ((False, arguments.points - on_postgres), (True, on_postgres)) if which[1]]
    for campaign in campaigns:
        campaign.run(arguments.build, home_wire, has_disks)
    page = report(seed, campaigns, missing, time.monotonic() - started)
    print(page)
    if arguments.report:
        arguments.report.parent.mkdir(parents=True, exist_ok=True)
        arguments.report.write_text(page)
    return 1 if any(campaign.faults for campaign in campaigns) else 0


if __name__ == "__main__":
    sys.exit(main())
