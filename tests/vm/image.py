# SPDX-FileCopyrightText: 2026 The Vardnav authors
# SPDX-License-Identifier: Apache-2.0
"""The virtual machine's kernel and initramfs, from Debian packages through this machine's apt, kept
in build/vm under a hash of what they are made from. Vardnav's own programs are not in them."""
import fcntl
import hashlib
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
SUITE = "bookworm"
KEPT_SECONDS = 3600  # an image that is no longer asked for
LIBRARY = "/usr/lib/x86_64-linux-gnu/"

# What runs in the guest beside Vardnav's programs, whose libraries' packages are asked of dpkg.
PACKAGES = ["bluez", "bluez-test-tools", "busybox-static", "dbus-bin", "dbus-daemon", "kmod",
            "sqlite3", "systemd", "tzdata"]  # systemd for busctl

# Their dependencies come along. drbg (with sha512, jitterentropy, ctr): without it the kernel's own
# test of P-256 fails, and with it LE Secure Connections.
MODULES = ["hci_vhci", "bluetooth", "uhid", "algif_hash", "algif_skcipher", "cmac", "ecb",
           "ecdh_generic", "drbg", "hmac", "sha256_generic", "sha512_generic", "ctr",
           "jitterentropy_rng", "virtio_pci", "virtio_rng", "virtio_console", "9p",
           "9pnet_virtio"]

KEPT = ["etc", "usr/share/dbus-1", "usr/share/zoneinfo", "usr/libexec", "bin", "sbin", "lib",
        "lib64", "usr/bin", "usr/sbin", "usr/lib"]
LEFT_OUT = ["lib/modules", "lib/udev", "lib/firmware", "usr/lib/udev", "usr/lib/locale",
            "usr/share/zoneinfo/right", "usr/share/zoneinfo/posix", "usr/lib/klibc",
            LIBRARY[1:] + "gconv", LIBRARY[1:] + "perl", LIBRARY[1:] + "perl-base",
            "usr/share/perl", "usr/bin/perl*"]


class ImageError(Exception):
    """One line: what could not be built, and why."""


def _run(command, **options):
    path = os.environ["PATH"] + ":/usr/sbin:/sbin"  # kmod, for those who are not root
    done = subprocess.run([str(c) for c in command], capture_output=True, text=True,
                          env={**os.environ, "PATH": path}, **options)
    if done.returncode != 0:
        said = [line for line in done.stderr.splitlines() if line.startswith(("E:", "cpio"))]
        raise ImageError(f"{command[0]}: {(said or done.stderr.splitlines() or ['failed'])[0]}")
    return done.stdout


def libraries_of(programs):
    """Packages of the shared libraries that the programs are linked with."""
    packages = set()
    for program in programs:
        for path in re.findall(r"=> (/\S+)", _run(["ldd", program])):
            real = os.path.realpath(path)
            # Packages of before the merger of / and /usr name /lib.
            for name in (real, real.removeprefix("/usr"), "/usr" + real):
                owner = subprocess.run(["dpkg", "-S", name], capture_output=True, text=True)
                if owner.returncode == 0:
                    packages.add(owner.stdout.split(":")[0])
                    break
            else:
                raise ImageError(f"{real}: no Debian package brings it")
    return sorted(packages)


def sources():
    """The Debian mirrors of this machine's apt, in the form of sources.list."""
    listed = _run(["apt-get", "indextargets", "--format",
                   "$(ORIGIN) $(REPO_URI) $(RELEASE) $(COMPONENT)", "Created-By: Packages"])
    found = sorted({tuple(line.split()[1:]) for line in listed.splitlines()
                    if line.startswith("Debian ") and len(line.split()) == 4})
    if not found:
        raise ImageError("apt-get: this machine's apt knows no Debian mirror (apt-get update)")
    return [f"deb {uri} {suite} {component}" for uri, suite, component in found]


def proxies():
    said = _run(["apt-config", "dump", "--format", "%f \"%v\";%n", "Acquire::http::Proxy",
                 "Acquire::https::Proxy"])
    return [f"--aptopt={line}" for line in said.splitlines() if '""' not in line]


def kernel_package():
    """linux-image-amd64 names the newest kernel that this machine's apt knows."""
    depends = re.search(r"^Depends: (linux-image-\S+) \(= (\S+)\)",
                        _run(["apt-cache", "show", "--no-all-versions", "linux-image-amd64"]), re.M)
    if not depends:
        raise ImageError("apt-cache: linux-image-amd64 names no kernel")
    return depends.group(1), depends.group(2)


class Image:
    def __init__(self, folder, kernel_version):
        self.kernel = folder / "vmlinuz"
        self.initramfs = folder / "initramfs.cpio"
        self.versions = folder / "versions"  # of the packages in it, "name version" lines
        self.kernel_version = kernel_version

    def version_of(self, package):
        for line in self.versions.read_text().splitlines():
            name, _, version = line.partition(" ")
            if name == package:
                return version
        return "unknown"


def _fingerprint(kernel, packages):
    inputs = [(HERE / "image.py").read_bytes(), (HERE / "guest/init").read_bytes(),
              " ".join([*kernel, *packages, _candidate("bluez")]).encode()]
    return hashlib.sha256(b"\0".join(inputs)).hexdigest()[:16]


def _modules(root, version, target):
    """Copies the closure of MODULES from the package's tree."""
    source = root / "lib/modules" / version
    _run(["depmod", "-b", root, version])
    listed = _run(["modprobe", "-d", root, "-S", version, "-a", "--show-depends", *MODULES])
    for line in sorted(set(listed.splitlines())):
        if line.startswith("insmod "):
            file = pathlib.Path(line.split()[1])
            relative = str(file)[str(file).index(version):]
            to = target / "lib/modules" / relative
            to.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(file, to)
    for name in ("modules.builtin", "modules.builtin.modinfo", "modules.order"):
        shutil.copy(source / name, target / "lib/modules" / version)
    _run(["depmod", "-b", target, version])


def _pack(folder, names, out, leave_out=()):
    """Appends to an uncompressed newc archive: the kernel reads it faster than it unpacks."""
    find = ["find", *names, "("]
    for index, pattern in enumerate(leave_out or ["\\"]):
        find += (["-o"] if index else []) + ["-path", pattern]
    find += [")", "-prune", "-o", "-print0"]
    with open(out, "ab") as archive:
        listing = subprocess.Popen(find, cwd=folder, stdout=subprocess.PIPE)
        packed = subprocess.run(["cpio", "-0", "-o", "-H", "newc", "--quiet", "--owner=0:0"],
                                cwd=folder, stdin=listing.stdout, stdout=archive)
        if listing.wait() != 0 or packed.returncode != 0:
            raise ImageError(f"cpio: cannot pack {folder}")


def _overlay(folder):
    """What no package brings: the first program, the accounts dbus-daemon looks for."""
    for name in ("proc", "sys", "dev", "run", "tmp", "share", "root", "usr/share",
                 "var/lib/bluetooth", "var/lib/dbus", "var/run"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    (folder / "etc").mkdir(exist_ok=True)
    (folder / "etc/passwd").write_text("root:x:0:0:root:/root:/bin/busybox\n"
                                       "messagebus:x:100:100::/nonexistent:/bin/false\n")
    (folder / "etc/group").write_text("root:x:0:\nmessagebus:x:100:\nbluetooth:x:101:\n")
    (folder / "etc/localtime").symlink_to("/usr/share/zoneinfo/Europe/Stockholm")
    shutil.copy(HERE / "guest/init", folder / "init")
    (folder / "init").chmod(0o755)


def _build(folder, kernel, version, packages):
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix="making-") as work:
        work = pathlib.Path(work)
        root = work / "root"
        # No maintainer script runs: what is needed of them is in _overlay.
        _run(["mmdebstrap", "--variant=extract", "--skip=cleanup/tmp",
              f"--include={','.join([*packages, kernel[0]])}", *proxies(),
              "--dpkgopt=path-exclude=/usr/share/man/*", "--dpkgopt=path-exclude=/usr/share/doc/*",
              SUITE, root, *sources()])
        made = work / "made"
        made.mkdir()
        shutil.copy(root / f"boot/vmlinuz-{version}", made / "vmlinuz")
        archive = made / "initramfs.cpio"
        modules, overlay = work / "modules", work / "overlay"
        overlay.mkdir()
        _overlay(overlay)
        _pack(overlay, ["."], archive)  # first: the kernel makes no folder that is not listed
        _pack(root, [name for name in KEPT if (root / name).exists()], archive, LEFT_OUT)
        _modules(root, version, modules)
        _pack(modules, ["."], archive)
        (made / "versions").write_text(f"bluez {_candidate('bluez')}\nlinux {kernel[1]}\n")
        made.rename(folder)


def _candidate(package):
    found = re.search(r"Candidate: (\S+)", _run(["apt-cache", "policy", package]))
    return found.group(1) if found else "unknown"


def image(cache, programs):
    """The image for these programs and what apt knows now; built if it is not in `cache`."""
    cache = pathlib.Path(cache)
    cache.mkdir(parents=True, exist_ok=True)
    kernel = kernel_package()
    version = kernel[0].removeprefix("linux-image-")
    packages = sorted({*PACKAGES, *libraries_of(programs)})
    folder = cache / _fingerprint(kernel, packages)
    with open(cache / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            for old in cache.iterdir():
                # Another test of another build may be booting from it.
                if old.is_dir() and old.stat().st_mtime < time.time() - KEPT_SECONDS:
                    shutil.rmtree(old)
            _build(folder, kernel, version, packages)
    return Image(folder, version)

