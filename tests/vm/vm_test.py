#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Vardnav authors
# SPDX-License-Identifier: Apache-2.0
"""vardnav-hub against the real bluetoothd. Each scenario is a boot of its own, so that none suffers
from another's kernel; one whose guest kernel broke is run once more, and says so."""
import argparse
import os
import pathlib
import sys
import tempfile
import time

import machine
from bench import PROGRAMS, Bench, prepare_share
from image import ImageError, image
from machine import KernelFault
from scenarios import SCENARIOS, SLOW
from stack import StackError

SKIPPED = 77  # ctest's SKIP_RETURN_CODE


class Verdicts:
    """What became of each scenario: told at once, and kept for ./dev to repeat."""

    def __init__(self, folder, names):
        self.file = pathlib.Path(folder) / f"verdict-{'-'.join(names)}"
        self.file.parent.mkdir(parents=True, exist_ok=True)
        self.file.write_text("")

    def tell(self, line):
        print(line, flush=True)
        with self.file.open("a") as file:
            file.write(line + "\n")


def run_once(name, made, build, keep):
    """Raises what the scenario did not stand."""
    with tempfile.TemporaryDirectory(prefix="vardnav-vm-") as folder:
        share = pathlib.Path(folder) / "share"
        share.mkdir()
        prepare_share(share, build)
        bench = Bench(made, share)
        try:
            SCENARIOS[name](bench.boot())
            bench.machine.check_kernel()
        except (StackError, AssertionError) as error:
            bench.machine.check_kernel()  # whose fault it was
            for log in ("hub", "home", "bluetoothd"):
                said = [line for line in bench.log(log).splitlines() if "src/" not in line]
                print(f"---- {log}", *said[-25:], sep="\n")
            raise StackError(str(error)) from error
        finally:
            bench.stop()
            if bench.machine.kernel_fault():
                print("---- console", bench.machine.console.read_text(errors="replace")[-4000:],
                      sep="\n")
            if keep:
                (share / "trace.log").exists() and (share / "trace.log").rename(
                    pathlib.Path(keep) / f"{name}.trace")


def run(name, made, build, verdicts, keep):
    """0 passed, 1 failed, SKIPPED inconclusive."""
    for attempt in (1, 2):
        began = time.monotonic()
        try:
            run_once(name, made, build, keep)
        except KernelFault as fault:
            print(f"{name}: guest kernel fault: {fault}", flush=True)
            if attempt == 2:
                verdicts.tell(f"{name}: inconclusive: guest kernel fault, twice: {fault}")
                return SKIPPED
            continue
        except StackError as error:
            verdicts.tell(f"{name}: FAILED: {error}")
            return 1
        again = "" if attempt == 1 else ", at the second try: guest kernel fault at the first"
        verdicts.tell(f"{name}: passed in {time.monotonic() - began:.0f} s{again}")
        return 0
    return 1


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("scenario", nargs="*", help=f"of {', '.join(SCENARIOS)}; "
                           f"default: all but {', '.join(SLOW)}")
    arguments.add_argument("--build", default=os.environ.get("VARDNAV_BUILD", "build/dev"))
    arguments.add_argument("--why-not", action="store_true", help="only say why nothing can run")
    arguments.add_argument("--keep", help="folder for the D-Bus traces")
    given = arguments.parse_args()
    reason = machine.why_not()
    if given.why_not:
        print(reason or "", end="")
        return 0
    names = given.scenario or [name for name in SCENARIOS if name not in SLOW]
    verdicts = Verdicts(pathlib.Path(given.build) / "vm", names)
    if reason:
        verdicts.tell(f"skipped: {reason}")
        return SKIPPED
    try:
        made = image(pathlib.Path(__file__).resolve().parents[2] / "build/vm",
                     [pathlib.Path(given.build) / "bin" / name for name in PROGRAMS])
    except ImageError as error:
        # No network, no root: the machine's lack, not the hub's.
        verdicts.tell(f"skipped: no image: {error}")
        return SKIPPED
    results = [run(name, made, given.build, verdicts, given.keep) for name in names]
    return 1 if 1 in results else SKIPPED if SKIPPED in results else 0


if __name__ == "__main__":
    sys.exit(main())
