"""`rnnquiz serve` in a process of its own."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path


class Served:
    """`with Served(folder, "--visitors", "2") as served: served.address`."""

    def __init__(self, folder, *options, **environment):
        self.folder, self.options = folder, options
        self.temporary = folder / "temporary"
        """Where a server that is killed leaves what it has there."""
        self.temporary.mkdir(parents=True, exist_ok=True)
        ours = {"RNNQUIZ_DATA": str(folder), "TMPDIR": str(self.temporary), "LC_ALL": "en_US.UTF-8"}
        self.environment = {**os.environ, **ours, **environment}

    def __enter__(self):
        command = [sys.executable, "-m", "quiz", "serve", "--port", "0", *self.options]
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=self.environment
        )
        line = self.process.stdout.readline()
        found = re.search(r"http://\S+", line)
        assert found, line + self.process.stderr.read()
        self.address = found[0]
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        self.out, self.err = self.process.communicate(timeout=30)

    def apps(self):
        """The processes of the app that it has open."""
        found = []
        for folder in os.scandir("/proc"):
            if folder.name.isdigit():
                try:
                    fields = Path(folder.path, "stat").read_text().rpartition(")")[2].split()
                except OSError:
                    continue
                if int(fields[1]) == self.process.pid and fields[0] != "Z":
                    found.append(int(folder.name))
        return found

    def drafts(self):
        """The drafts of every visitor: folder name to key to text."""
        import sqlite3

        found = {}
        for file in sorted(self.folder.glob("visitors/*/progress.db")):
            with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as connection:
                found[file.parent.name] = dict(connection.execute("SELECT key, text FROM drafts").fetchall())
        return found
