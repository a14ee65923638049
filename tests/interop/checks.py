"""Checks for the clients written in Python, 2.7 and 3: one line each, in the words that run.sh counts."""

from __future__ import print_function

import io
import os
import re
import time
import traceback

GOOGLE = os.environ["GOOGLE"]
KEYS = os.environ["KEYS"]

# Without a log, as before a cassette, nothing is looked for in it.
_log = os.environ["SERVER_LOG"]
_mark = [0]


def ok(name):
    print("ok - %s" % name)


def not_ok(name, expected, got):
    line = "%s: expected %s, got %s" % (name, expected, got)
    print("not ok - %s" % line.replace("\n", "\\n")[:700])


def skip(name, reason):
    print("skip - %s: %s" % (name, reason))


def equal(name, expected, got):
    if got == expected:
        ok(name)
    else:
        not_ok(name, repr(expected), repr(got))


def like(name, pattern, got):
    if re.search(pattern, str(got), re.DOTALL):
        ok(name)
    else:
        not_ok(name, "/%s/" % pattern, repr(got))


def refuses(name, kind, pattern, call):
    """The call has to raise `kind`, and its text and attributes have to match."""
    try:
        got = call()
    except kind as problem:
        like(name, pattern, "%s %s" % (problem, vars(problem)))
    else:
        not_ok(name, kind.__name__, repr(got))


def mark():
    """What the server logs from here on is what `logged` looks at."""
    if _log:
        _mark[0] = os.path.getsize(_log)


def logged(name, text):
    if not _log:
        return
    since = ""
    for _ in range(40):
        with io.open(_log, encoding="utf-8", errors="replace") as log:
            log.seek(_mark[0])
            since = log.read()
        if text in since:
            return ok(name)
        time.sleep(0.05)
    not_ok(name, "%r in the server's log" % text, repr(since))


def key(name):
    with open(os.path.join(KEYS, name)) as file:
        return file.read()


def run(*steps):
    """Each step runs, whatever became of the one before: it can still tell something."""
    for step in steps:
        try:
            step()
        except Exception as problem:
            traceback.print_exc()
            not_ok(step.__name__, "it to come to its end", repr(problem))
