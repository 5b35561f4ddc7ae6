"""A file that holds whole records only, whatever becomes of the program or of the disk."""

import contextlib
import os
from io import RawIOBase
from pathlib import Path
from typing import Any


class WholeRecords(RawIOBase):
    """Writes each record at once, so that a program that is killed leaves what it had, and takes back half of one."""

    def __init__(self, path: Path) -> None:
        """Empties the file, or makes it. Raises OSError."""
        super().__init__()
        self._file = path.open("wb", buffering=0)

    def writable(self) -> bool:
        """It is."""
        return True

    def write(self, record: Any) -> int:
        """Write one record. Raises OSError if the disk is full; the file then ends with the record before."""
        rest = memoryview(record)
        size, written = len(rest), 0
        try:
            while written < size:
                written += self._file.write(rest[written:]) or 0
        except OSError:
            with contextlib.suppress(OSError):  # no file that can be cut, a device
                self._file.seek(-written, os.SEEK_CUR)
                self._file.truncate()
            raise
        return size

    def close(self) -> None:
        """Give the file back."""
        self._file.close()
        super().close()
