#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Vardnav authors
# SPDX-License-Identifier: Apache-2.0
"""A fault of the guest's kernel is known by its console, and nothing else is taken for one."""
import pathlib
import tempfile
import unittest

from machine import KernelFault, Machine

# As they stood on the console of 6.1.192.
FAULTS = [
    "[   86.1] list_del corruption, ff2fb8c06fc52a80->prev is LIST_POISON2 (dead000000000122)",
    "[   86.1] kernel BUG at lib/list_debug.c:59!",
    "[   25.3] general protection fault, probably for non-canonical address 0x6c6175747269762f: "
    "0000 [#1] PREEMPT SMP NOPTI",
    "[   25.3] Kernel panic - not syncing: Fatal exception",
]
HARMLESS = """[    5.86] alg: drbg: Failed to reset rng
[   86.89] Bluetooth: hci1: Ignoring HCI_Connection_Complete for existing connection
[   39.00] Bluetooth: hci0: Opcode 0x0c03 failed: -110
dbus[157]: Unknown username "systemd-network" in message bus configuration file
"""


class Console(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.machine = Machine(None, pathlib.Path(folder.name))

    def test_knows_each_fault(self):
        for fault in FAULTS:
            self.machine.console.write_text(HARMLESS + fault + "\n")
            with self.assertRaises(KernelFault, msg=fault):
                self.machine.check_kernel()

    def test_a_fault_ends_a_wait_at_once(self):
        self.machine.console.write_text(FAULTS[0])
        with self.assertRaises(KernelFault):
            self.machine.wait(lambda: False, 60, "what will not come")

    def test_takes_nothing_else_for_one(self):
        self.machine.check_kernel()  # before there is a console
        self.machine.console.write_text(HARMLESS)
        self.machine.check_kernel()


if __name__ == "__main__":
    unittest.main()
