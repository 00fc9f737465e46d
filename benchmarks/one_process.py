"""Run a command and print what it used, as JSON: exit code, processor and wall seconds, peak memory in MiB.

    python -I -S benchmarks/one_process.py COMMAND …

The system counts the memory of the process that starts another one for that one's peak, too. So a small process
starts the measured one, whatever the process needs that takes all measurements.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time


def main() -> None:
    start = time.perf_counter()
    process = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL)
    _pid, status, used = os.wait4(process.pid, 0)
    found = {
        "code": os.waitstatus_to_exitcode(status),
        "processor": used.ru_utime + used.ru_stime,
        "wall": time.perf_counter() - start,
        "memory": used.ru_maxrss / (1024 * 1024 if sys.platform == "darwin" else 1024),
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main()
