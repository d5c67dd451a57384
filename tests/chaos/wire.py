# SPDX-FileCopyrightText: 2026 The Vardnav authors
# SPDX-License-Identifier: Apache-2.0
"""The way between a home and its broker, in network namespaces, so that it can be cut as real ones
are: this program and what it starts are at the broker's end; the home is two hops away, behind a
router of its own. Nothing here touches the machine's network, and all of it is gone when the last
program in it ends. Needs Linux and root (CAP_SYS_ADMIN)."""
import ctypes
import os
import subprocess

BROKER = "10.77.1.1"
HOME = "10.77.2.1"
ROUTER_TO_BROKER, ROUTER_TO_HOME = "10.77.1.254", "10.77.2.254"
CLONE_NEWNET = 0x40000000
LIBC = ctypes.CDLL(None, use_errno=True)

# Name in the report → what the router does. A blackhole forwards nothing and says nothing.
CUTS = {
    "link down": ["link set home down"],
    "no way to the broker, in silence": [f"route add blackhole {BROKER}/32"],
    "no way back from it, in silence": [f"route add blackhole {HOME}/32"],
    "neither way, in silence": [f"route add blackhole {BROKER}/32", f"route add blackhole {HOME}/32"],
    "broker unreachable, and told so": [f"route add unreachable {BROKER}/32"],
}
MENDED = ["link set home up", "route flush type blackhole", "route flush type unreachable"]
TRICKLE = "tbf rate 16kbit burst 1600 limit 6000"


class NotPermitted(Exception):
    """One line that says why there are no namespaces here."""


def _call(result):
    if result != 0:
        raise NotPermitted("network namespaces cannot be made here: "
                           + os.strerror(ctypes.get_errno()).lower())


def _new_namespace():
    """Moves this program into a new one; a descriptor of it."""
    _call(LIBC.unshare(CLONE_NEWNET))
    return os.open("/proc/self/ns/net", os.O_RDONLY | os.O_CLOEXEC)


class Wire:
    def __init__(self):
        """This program stays in the broker's namespace from now on. Call it before any thread or
        process is started that is to be there too."""
        before = os.open("/proc/self/ns/net", os.O_RDONLY | os.O_CLOEXEC)
        try:
            self.home, self.router, self.broker = (_new_namespace() for _ in range(3))
            self._lay()
        except (OSError, subprocess.CalledProcessError) as fault:
            LIBC.setns(before, CLONE_NEWNET)
            raise NotPermitted(f"network namespaces cannot be set up here: {_said(fault)}") from fault
        finally:
            os.close(before)
        self.can_trickle = True
        self.can_trickle = self._try_trickle()

    # --- what to start in the home ---------------------------------------------------------------
    def prefix(self):
        """In front of a command that is to run in the home."""
        return ["nsenter", f"--net=/proc/{os.getpid()}/fd/{self.home}", "--"]

    # --- faults ----------------------------------------------------------------------------------
    def cut(self, name):
        for words in CUTS[name]:
            self._ip(self.router, words)

    def trickle(self):
        """So slow that nothing but patience gets through."""
        for end in ("home", "broker"):
            self._tc(f"replace dev {end} root {TRICKLE}")

    def mend(self):
        for words in MENDED:
            self._ip(self.router, words)
        if self.can_trickle:
            for end in ("home", "broker"):
                self._tc(f"replace dev {end} root pfifo limit 1000")

    # --- making it ---------------------------------------------------------------------------------
    def _lay(self):
        for namespace in (self.home, self.router, self.broker):
            self._ip(namespace, "link set lo up")
        for end, namespace, address, router_address in (
                ("home", self.home, HOME, ROUTER_TO_HOME),
                ("broker", self.broker, BROKER, ROUTER_TO_BROKER)):
            # Made in the router; the other end goes to whom it is for.
            self._ip(self.router, f"link add {end} type veth peer name wire netns "
                                  f"/proc/{os.getpid()}/fd/{namespace}")
            self._ip(self.router, f"address add {router_address}/24 dev {end}")
            self._ip(self.router, f"link set {end} up")
            self._ip(namespace, f"address add {address}/24 dev wire")
            self._ip(namespace, "link set wire up")
            self._ip(namespace, f"route add default via {router_address}")
        self._in(self.router, ["sh", "-c", "echo 1 > /proc/sys/net/ipv4/ip_forward"])

    def _try_trickle(self):
        try:
            self.trickle()
            self.mend()
            return True
        except (OSError, subprocess.CalledProcessError):
            return False

    def _ip(self, namespace, words):
        self._in(namespace, ["ip", *words.split()])

    def _tc(self, words):
        self._in(self.router, ["tc", "qdisc", *words.split()])

    @staticmethod
    def _in(namespace, command):
        subprocess.run(command, check=True, capture_output=True, text=True,
                       preexec_fn=lambda: _call(LIBC.setns(namespace, CLONE_NEWNET)))


def _said(fault):
    lines = (getattr(fault, "stderr", None) or str(fault)).strip().splitlines()
    return lines[-1] if lines else str(fault)
