"""The kind of disk a folder is on: a store corrupts on a network folder, by the SQLite manual."""

import os
import sys
from pathlib import Path

REMOTE = 4  # DRIVE_REMOTE, as GetDriveTypeW says it
NETWORK = (
    "nfs nfs4 cifs smb smb3 smbfs smb2 9p afs ncpfs ceph glusterfs lustre gpfs beegfs davfs "
    "fuse.sshfs fuse.glusterfs fuse.ceph fuse.davfs fuse.rclone fuse.gvfsd-fuse fuse.s3fs"
).split()
MOUNTS = Path("/proc/mounts")


def on_network(folder: Path) -> bool:
    """Whether a folder is on another machine. What cannot be known is taken for a disk.

    >>> on_network(Path("/proc"))
    False
    """
    if sys.platform == "win32":
        return _remote_drive(folder.resolve())
    try:
        return kind_of(folder.resolve(), MOUNTS.read_text("utf-8", "replace")) in NETWORK
    except OSError:  # a system without /proc
        return False


def kind_of(folder: Path, mounts: str) -> str:
    """The kind of file system a folder is on, from the table of mounts; the last one wins.

    >>> kind_of(Path("/srv/a/b"), "x / ext4 rw 0 0\\ny /srv/a nfs4 rw 0 0\\n")
    'nfs4'
    """
    best, kind = -1, ""
    for line in mounts.splitlines():
        _, where, found, *_ = line.split(" ")
        point = Path(where.encode().decode("unicode_escape"))  # a space is written \\040
        if folder.is_relative_to(point) and len(point.parts) >= best:
            best, kind = len(point.parts), found
    return kind


def _remote_drive(folder: Path) -> bool:
    import ctypes

    if str(folder).startswith("\\\\"):
        return True
    windows = getattr(ctypes, "windll", None)
    root = os.path.splitdrive(folder)[0] + "\\"
    return bool(windows and windows.kernel32.GetDriveTypeW(root) == REMOTE)
