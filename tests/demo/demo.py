#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Vardnav authors
# SPDX-License-Identifier: Apache-2.0
"""`./dev demo`: the whole way of a reading on this machine. See `./dev help`."""
import argparse
import json
import pathlib
import shutil
import signal
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/support"))

from api import Api, Events  # noqa: E402
from reckoning import Reckoning  # noqa: E402
from stack import PASSWORD, Stack, StackError, free_port, wait_until  # noqa: E402

DRAIN_SECONDS = 30  # after the time asked for, what is still under way may arrive


def seconds(text):
    try:
        return float(text.removesuffix("s"))
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{text}' is no time: write 60s")


def parse_arguments():
    parser = argparse.ArgumentParser(prog="./dev demo")
    parser.add_argument("--build", default="build/dev", help=argparse.SUPPRESS)
    parser.add_argument("--headless", action="store_true")
    parser.add_argument("--for", dest="duration", type=seconds, default=None, metavar="60s")
    parser.add_argument("--port", type=int, default=None)
    parser.add_argument("--scenario", default=ROOT / "ble/virtual/scenarios/demo.json")
    parser.add_argument("--keep", metavar="FOLDER", help="leave state and logs there")
    return parser.parse_args()


def say(line):
    print(line, file=sys.stderr, flush=True)


def choose_port(wanted):
    if wanted:
        return wanted
    return free_port() if Stack.accepts(8080) else 8080


def greet(stack):
    say("")
    say(f"  Console   {stack.url}")
    say(f"  Login     operator / {PASSWORD}    (both teams; also: kommun / {PASSWORD}, "
        f"region / {PASSWORD}, tekniker / {PASSWORD})")
    say(f"  Logs      {stack.folder}")
    say("  Stop      Ctrl-C")
    say("")
    say("  No real patient, no real care giver. Not an emergency service.")
    say("")


def watch(stack, stop_at, should_stop):
    """Until it is time, or a process has ended by itself."""
    while not should_stop() and (stop_at is None or time.monotonic() < stop_at):
        for name, process in stack.processes.items():
            if not process.is_running():
                raise StackError(f"{name} ended by itself: {process.last_line()} ({process.log})")
        time.sleep(0.2)


def run_demo(arguments, folder):
    stack = Stack(folder, arguments.build, arguments.scenario, choose_port(arguments.port))
    interrupted = []
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: interrupted.append(True))
    try:
        stack.prepare()
        for name in ("dbus", "broker", "care"):
            stack.start(name)
        api = Api(stack.http_port)
        api.login("operator", PASSWORD)
        reckoning = Reckoning(stack, api, say)
        events = Events(api, reckoning.on_event)
        events.start()
        stack.start("hub")
        stack.start("home")
        if not arguments.headless:
            greet(stack)
        stop_at = None if arguments.duration is None else time.monotonic() + arguments.duration
        if arguments.headless and stop_at is None:
            stop_at = time.monotonic() + 60
        watch(stack, stop_at, lambda: bool(interrupted))
        if not arguments.headless:
            return 0
        stack.processes["home"].stop()
        try:
            wait_until(reckoning.is_complete, DRAIN_SECONDS, "the last readings to be stored")
        except StackError as fault:
            say(f"demo: {fault}")
        result = reckoning.result()
        events.stop()
        print(json.dumps(result), flush=True)
        for line in reckoning.faults():
            say(f"demo: {line}")
        return 0 if not reckoning.faults() and not interrupted else 1
    finally:
        say("stopping")
        stack.stop()


def main():
    arguments = parse_arguments()
    folder = pathlib.Path(arguments.keep or tempfile.mkdtemp(prefix="vardnav-demo-")).resolve()
    try:
        status = run_demo(arguments, folder)
    except StackError as fault:
        say(f"demo: {fault}")
        status = 1
    if status == 0 and not arguments.keep:
        shutil.rmtree(folder, ignore_errors=True)
    elif not arguments.keep:
        say(f"demo: state and logs are kept in {folder}")
    return status


if __name__ == "__main__":
    sys.exit(main())
