# SPDX-FileCopyrightText: 2026 The Vardnav authors
# SPDX-License-Identifier: Apache-2.0
"""Small disks that can really be full: the kernel's own answer (ENOSPC) to every file on them. They
are mounted where only this program and what it starts see them, and are gone when the last of these
ends. Needs Linux and root (CAP_SYS_ADMIN)."""
import ctypes
import errno
import os

CLONE_NEWNS = 0x00020000
MS_NOSUID, MS_NODEV, MS_REC, MS_PRIVATE = 0x2, 0x4, 0x4000, 0x40000
LIBC = ctypes.CDLL(None, use_errno=True)
PAGE = os.sysconf("SC_PAGE_SIZE")


class NotPermitted(Exception):
    """One line that says why there are no such disks here."""


def _call(result, what):
    if result != 0:
        raise NotPermitted(f"{what} here: {os.strerror(ctypes.get_errno()).lower()}")


def see_mounts_alone():
    """What this program mounts from now on is nobody else's. Call it before it starts others."""
    _call(LIBC.unshare(CLONE_NEWNS), "mounts of one's own cannot be had")
    _call(LIBC.mount(b"none", b"/", None, MS_REC | MS_PRIVATE, None), "mounts cannot be kept apart")


class Disk:
    """All of `folder`, which is made if it is not there."""

    def __init__(self, folder, mib, mode=0o700):
        self.folder = folder
        self.filler = folder / ".filler"
        folder.mkdir(parents=True, exist_ok=True)
        options = f"size={mib}m,mode={mode:o}".encode()
        _call(LIBC.mount(b"none", os.fsencode(folder), b"tmpfs", MS_NOSUID | MS_NODEV, options),
              "a small disk cannot be mounted")

    def fill(self, spare=0):
        """Leaves `spare` octets, to whole pages; what is written later takes even those."""
        self.filler.touch()
        state = os.statvfs(self.folder)
        wanted = state.f_bavail * state.f_frsize - spare
        with open(self.filler, "r+b") as file:
            while wanted >= PAGE:
                try:
                    os.posix_fallocate(file.fileno(), os.fstat(file.fileno()).st_size, wanted)
                    return
                except OSError as fault:  # somebody else was faster
                    if fault.errno != errno.ENOSPC:
                        raise
                    wanted //= 2

    def free(self):
        self.filler.unlink(missing_ok=True)

    def unmount(self):
        """Even while somebody still holds files there; they go with the last of them."""
        LIBC.umount2(os.fsencode(self.folder), 2)  # MNT_DETACH
