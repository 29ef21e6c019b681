"""Files that a disk, a mail, a tool or a hostile hand has damaged: all are refused, none hangs.

``python -m tests.damaged 10000`` tries as many as asked, whole; `make test` tries a twentieth.
"""
