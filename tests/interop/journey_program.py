"""Runs a program of fixtures/journey as it is, on real gdata-python3, with the emulator in Google's place.

Its requests go to the emulator's port with the host they name, as a proxy that ends TLS would hand them on.
"""

import http.client
import os
import runpy
import sys
from urllib.parse import urlsplit

import py3_shim  # noqa: F401, mends the library

import atom.http_core

EMULATOR = urlsplit(os.environ["GOOGLE"]).netloc


class _Handed(http.client.HTTPConnection):
    def putheader(self, name, *values):
        if name.lower() == "host":
            self.putheader("X-Forwarded-Proto", "https")
        super().putheader(name, *values)


atom.http_core.HttpClient._get_connection = lambda self, uri, headers=None: _Handed(EMULATOR)
runpy.run_path(sys.argv[1], run_name="__main__")
