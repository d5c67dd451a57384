#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Vardnav authors
# SPDX-License-Identifier: Apache-2.0
"""The operator's day in a real browser (operator.mjs) against the real programs: the broker and the
backend first, and the home only once the worklist is on the screen, so that the first alert is seen
to come. With --screenshots the pictures are kept there."""
import argparse
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[2]
sys.path.insert(0, str(ROOT / "tests/support"))

from heartbeat import report  # noqa: E402
from stack import HUB, PASSWORD, Stack, StackError, wait_until  # noqa: E402

SECONDS = 240  # of which the virtual home's weeks take a minute


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", default=ROOT / "build/dev")
    parser.add_argument("--scenario", default=ROOT / "ble/virtual/scenarios/demo.json")
    parser.add_argument("--screenshots", metavar="FOLDER")
    parser.add_argument("--chromium", default="/usr/bin/chromium")
    return parser.parse_args()


def check_installed():
    for folder, command in ((HERE / "node_modules", "npm ci in tests/e2e/browser"),
                            (ROOT / "cloud/console/dist/index.html",
                             "npm ci and npm run build in cloud/console")):
        if not folder.exists():
            raise StackError(f"{folder} is missing: run {command}")
    if shutil.which("node") is None:
        raise StackError("node was not found: install Node.js 18 or later")


def hears_hubs(stack):
    with urllib.request.urlopen(f"{stack.url}/api/v1/healthz", timeout=5) as answer:
        return json.load(answer)["mqtt"] == "connected"


def hub_was_told_of_a_pause(stack):
    """What the operator paused, and ended, is in what the hub has in force."""
    envelope = json.loads(stack.journal("SELECT envelope FROM configuration")[0][0])
    patient = json.loads(envelope["payload"])["patients"][0]
    return [pause["rules"] for pause in patient["context"].get("pauses", [])] == [["fev1-fall"]]


def run(arguments, folder):
    stack = Stack(folder, arguments.build, arguments.scenario)
    operator = None
    try:
        stack.prepare()
        for name in ("dbus", "broker", "care"):
            stack.start(name)
        # Until the hub itself starts it is told to be deaf: technicians and operators must see it.
        wait_until(lambda: hears_hubs(stack), 20, "the backend at the broker")
        report(stack.mqtt_port, stack.certificates, HUB,
               ("radio-dead", "no Bluetooth adapter: check that it is plugged in"))
        ready = folder / "worklist-is-watched"
        command = ["node", HERE / "operator.mjs", "--url", stack.url, "--password", PASSWORD,
                   "--ready", ready, "--chromium", arguments.chromium]
        if arguments.screenshots:
            command += ["--screenshots", pathlib.Path(arguments.screenshots).resolve()]
        operator = subprocess.Popen([str(word) for word in command], stdin=subprocess.DEVNULL,
                                    env={**os.environ, "TMPDIR": str(folder)})
        wait_until(lambda: ready.exists() or operator.poll() is not None, SECONDS,
                   "the worklist in the browser")
        if operator.poll() is None:
            stack.start("hub")
            stack.start("home")
        status = operator.wait(SECONDS)
        if status == 0:
            wait_until(lambda: hub_was_told_of_a_pause(stack), 20, "the pause in the hub's document")
        return status
    finally:
        if operator is not None and operator.poll() is None:
            operator.terminate()  # it ends its own Chromium
            operator.wait(20)
        stack.stop()


def main():
    arguments = parse_arguments()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="vardnav-browser-stack-"))
    try:
        check_installed()
        status = run(arguments, folder)
    except (StackError, OSError, subprocess.TimeoutExpired) as fault:
        print(f"browser test: {fault}", file=sys.stderr)
        status = 1
    if status == 0:
        shutil.rmtree(folder, ignore_errors=True)
    else:
        print(f"browser test: state and logs are in {folder}", file=sys.stderr)
    return status


if __name__ == "__main__":
    sys.exit(main())
