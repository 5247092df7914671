"""The processes of a check end with it, however it ends."""

import os
import signal
import subprocess
import sys

from ...serving import until

CHECK = """
import os, sys, time
from quoth.claim.checking.workers import Workers
if __name__ == "__main__":
    with Workers(2) as workers:
        for pid in workers.shared(os.path.realpath, ["/proc/self"] * 20):
            print(os.path.basename(pid), flush=True)
            time.sleep(60)
"""


def test_the_processes_of_a_killed_check_end(tmp_path: object) -> None:
    script = f"{tmp_path}/check.py"
    with open(script, "w", encoding="utf-8") as file:
        file.write(CHECK)
    with subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        worker = int(process.stdout.readline())
        assert worker != process.pid
        process.send_signal(signal.SIGKILL)
    until(lambda: not os.path.exists(f"/proc/{worker}"))
