"""The commands of gdata-auth, as a user runs them: what a login shows is read while it waits."""

import os
import re
import subprocess

GDATA_AUTH = os.environ["GDATA_AUTH_BIN"]


def gdata_auth(*words, store=None):
    """Runs a command to its end: its code, stdout and stderr."""
    if store:
        words += ("--store", store)
    done = subprocess.run([GDATA_AUTH, *words], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)
    return done.returncode, done.stdout, done.stderr


class Login:
    """A `gdata-auth login` that waits for its user."""

    def __init__(self, *words, store):
        self.process = subprocess.Popen([GDATA_AUTH, "login", *words, "--store", store], stdin=subprocess.DEVNULL,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.told = ""

    def shows(self, pattern):
        """Reads what it says until that holds the pattern, and gives its first group."""
        while True:
            match = re.search(pattern, self.told)
            if match:
                return match.group(1)
            line = self.process.stderr.readline()
            if not line:
                raise AssertionError("expected %s, got %r" % (pattern, self.told))
            self.told += line

    def link(self):
        return self.shows(r"(?m)^(http://\S+)\n")

    def end(self):
        """Its code, stdout, and all that it said."""
        out, err = self.process.communicate(timeout=60)
        return self.process.returncode, out, self.told + err
