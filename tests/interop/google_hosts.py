"""Requests to Google's own host names, led to the emulator: for what google-auth has built in."""

import os
from urllib.parse import urlsplit

import requests
from google.auth.transport.requests import Request

from checks import GOOGLE


class Led(requests.adapters.HTTPAdapter):
    """Sends what is for https://HOST to the emulator, which is told the host and that TLS was there."""

    def __init__(self, seen):
        super().__init__()
        self.seen = seen

    def send(self, request, **options):
        asked = urlsplit(request.url)
        self.seen.append((request.method, asked.netloc, asked.path))
        request.headers["Host"] = asked.netloc
        request.headers["X-Forwarded-Proto"] = "https"
        request.url = GOOGLE + asked.path + ("?" + asked.query if asked.query else "")
        return super().send(request, **options)


def request():
    """What google-auth's credentials refresh with, and the calls that it made: method, host and path."""
    seen = []
    session = requests.Session()
    session.trust_env = False
    session.mount("https://", Led(seen))
    return Request(session), seen


def robot():
    """The JSON file of the service account that the emulator knows."""
    with open(os.path.join(os.environ["KEYS"], "insecure-rsa2048-pkcs8.pem")) as key:
        return {
            "type": "service_account",
            "client_email": "robot@project.iam.gserviceaccount.com",
            "client_id": "1",
            "private_key": key.read(),
            "private_key_id": "k1",
            "token_uri": "https://oauth2.googleapis.com/token",
        }
