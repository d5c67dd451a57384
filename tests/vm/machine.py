# SPDX-FileCopyrightText: 2026 The Vardnav authors
# SPDX-License-Identifier: Apache-2.0
"""One virtual machine: booted from the image, told what to do over a virtio-serial port, watched on
its console for faults of its kernel. Plain emulation: it needs no kvm device and no network."""
import base64
import json
import os
import pathlib
import re
import shutil
import socket
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support"))
from stack import Process, StackError, wait_until  # noqa: E402

MEMORY = 768  # MiB of the guest
BOOT_SECONDS = 180
CALL_SECONDS = 60

# What Debian's kernel says on its console when it is the one at fault.
KERNEL_FAULT = re.compile(r"(list_(?:del|add) corruption.*|kernel BUG at .*|BUG: .*|Oops: .*|"
                          r"general protection fault.*|Kernel panic - not syncing: .*|"
                          r"refcount_t: .*|KASAN: .*)")


class KernelFault(Exception):
    """The guest's kernel broke: nothing that happened around it says anything of the hub."""


def why_not():
    """Why no virtual machine can run here; None if one can."""
    for program in ("qemu-system-x86_64", "mmdebstrap", "cpio", "depmod", "strip"):
        if not shutil.which(program, path=os.environ["PATH"] + ":/usr/sbin:/sbin"):
            return f"{program} is not installed (./dev setup)"
    available = re.search(r"MemAvailable:\s+(\d+)", pathlib.Path("/proc/meminfo").read_text())
    if available and int(available.group(1)) // 1024 < MEMORY + 512:
        return f"{int(available.group(1)) // 1024} MiB of memory are free, {MEMORY + 512} are needed"
    return None


class Machine:
    """`share` is the guest's /share: programs and configuration go in, logs and traces come out."""

    def __init__(self, image, share):
        self.image, self.share = image, pathlib.Path(share)
        self.console = self.share / "console.log"
        self.calls = 0
        self.qemu = self.control = self.answers = None

    def _command(self, control):
        return ["qemu-system-x86_64", "-accel", "tcg,thread=single", "-icount", "shift=3", "-cpu", "max",
                "-m", MEMORY, "-nodefaults", "-no-user-config", "-display", "none", "-no-reboot",
                "-serial", f"file:{self.console}", "-device", "virtio-rng-pci",
                "-device", "virtio-serial-pci", "-chardev", f"socket,id=control,path={control}",
                "-device", "virtserialport,chardev=control,name=control",
                "-virtfs", f"local,path={self.share},mount_tag=share,security_model=none",
                "-kernel", self.image.kernel, "-initrd", self.image.initramfs,
                "-append", "console=ttyS0 quiet rdinit=/init panic=-1 oops=panic mitigations=off "
                "random.trust_cpu=on"]

    def boot(self):
        control = self.share / "control"
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(str(control))
            listener.listen(1)
            listener.settimeout(30)
            self.qemu = Process("qemu", self._command(control), self.share).start()
            self.control, _ = listener.accept()
        control.unlink()
        self.control.settimeout(BOOT_SECONDS)
        self.answers = self.control.makefile("rb")
        self._answer(0)
        return self

    def kernel_fault(self):
        text = self.console.read_text(errors="replace") if self.console.exists() else ""
        found = KERNEL_FAULT.search(text)
        return found.group(1) if found else None

    def check_kernel(self):
        fault = self.kernel_fault()
        if fault:
            raise KernelFault(fault)

    def _answer(self, call):
        try:
            line = self.answers.readline()
        except OSError as error:
            self.check_kernel()
            raise StackError(f"the guest does not answer: {error} ({self.console})") from error
        if not line:
            wait_until(lambda: not self.qemu.is_running(), 10, "qemu to end")
            self.check_kernel()
            raise StackError(f"the guest ended: {self.qemu.last_line()} ({self.console})")
        answer = json.loads(line)
        if answer["id"] != call:
            raise StackError(f"the guest answered {answer['id']}, not {call}")
        return answer["status"], base64.b64decode(answer["output"]).decode(errors="replace")

    def try_run(self, command, seconds=CALL_SECONDS):
        """(exit status, output) of a shell command in the guest."""
        self.calls += 1
        self.control.settimeout(seconds)
        encoded = base64.b64encode(command.encode()).decode()
        try:
            self.control.sendall(f"{self.calls} {encoded}\n".encode())
        except OSError as error:
            self.check_kernel()
            raise StackError(f"the guest is gone: {error}") from error
        return self._answer(self.calls)

    def run(self, command, seconds=CALL_SECONDS):
        status, output = self.try_run(command, seconds)
        if status != 0:
            self.check_kernel()
            raise StackError(f"in the guest: {command}: {output.strip() or status}")
        return output

    def wait(self, condition, seconds, what):
        """As wait_until; a fault of the kernel ends it at once."""
        def look():
            self.check_kernel()
            return condition()
        return wait_until(look, seconds, what)

    def stop(self):
        if self.control is not None:
            self.control.close()
        if self.qemu is not None and self.qemu.is_running():
            self.qemu.kill()

