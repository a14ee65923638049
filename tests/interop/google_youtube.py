"""google-auth-oauthlib and google-api-python-client: the tutorial's program, from the API key to the like, and what
such a program does next: uploads, playlists, a refresh, an end.

The user ticks and presses by `consent_pages.py`; the emulator asks, and knows its clients.
"""

import datetime
import json
import os
import threading
import warnings
import webbrowser

warnings.simplefilter("ignore")
os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"

import httplib2  # noqa: E402
from google.auth.exceptions import RefreshError  # noqa: E402
from google.auth.transport.requests import Request  # noqa: E402
from google_auth_httplib2 import AuthorizedHttp  # noqa: E402
from google_auth_oauthlib.flow import Flow, InstalledAppFlow  # noqa: E402
from googleapiclient.discovery import build  # noqa: E402
from googleapiclient.errors import HttpError  # noqa: E402
from googleapiclient.http import MediaFileUpload, MediaInMemoryUpload  # noqa: E402
from oauthlib.oauth2.rfc6749.errors import AccessDeniedError, InvalidGrantError  # noqa: E402

from browser import query_of, send  # noqa: E402
from checks import GOOGLE, equal, like, logged, mark, refuses, run  # noqa: E402
from consent_pages import Person  # noqa: E402

YOUTUBE = "https://www.googleapis.com/auth/youtube"
READONLY = YOUTUBE + ".readonly"
SECRETS = os.path.join(os.environ["WORK"], "client_secret.json")
VIDEO = "YbJOTdZBX1g"
BACK = "https://www.example.com/back"
DESKTOP = {
    "client_id": os.environ["DESKTOP_ID"],
    "client_secret": os.environ["OAUTH2_SECRET"],
    "auth_uri": GOOGLE + "/o/oauth2/auth",
    "token_uri": GOOGLE + "/token",
    "redirect_uris": ["http://localhost"],
}
WEB = dict(DESKTOP, client_id=os.environ["WEB_ID"], redirect_uris=[BACK])

kept = {}


class Browser(webbrowser.BaseBrowser):
    """The browser of the user's machine: a person who follows the pages and is sent back to loopback."""

    def __init__(self, person):
        super().__init__()
        self.person, self.links, self.last, self.walk = person, [], None, None

    def open(self, url, new=0, autoraise=True):
        self.links.append(url)
        self.walk = threading.Thread(target=self._walk, args=(url,), daemon=True)
        self.walk.start()
        return True

    def _walk(self, url):
        back = self.person.visit(url)
        self.last = send(back)


def sign_in(person, scopes):
    """The tutorial's flow; run_console is no more, run_local_server is what its page names today."""
    browser = Browser(person)
    webbrowser.register("person", None, browser, preferred=True)
    with open(SECRETS, "w") as file:
        json.dump({"installed": DESKTOP}, file)
    flow = InstalledAppFlow.from_client_secrets_file(SECRETS, scopes)
    try:
        credentials = flow.run_local_server(
            host="127.0.0.1", port=0, browser="person", timeout_seconds=20, authorization_prompt_message=None
        )
    finally:
        browser.walk.join(5)
    return credentials, browser


def youtube(**credential):
    return build("youtube", "v3", static_discovery=True, cache_discovery=False,
                 client_options={"api_endpoint": GOOGLE}, **credential)


class Plain(httplib2.Http):
    """api_endpoint moves the host of uploads, and leaves their https: googleapiclient's _fix_up_media_path_base_url.
    As in its build_http, 308 is no redirect."""

    def request(self, uri, *rest, **options):
        return super().request(uri.replace("https://127.0.0.1:", "http://127.0.0.1:"), *rest, **options)


def status(code, reason):
    """How an HttpError tells a status and Google's reason."""
    return "%d.*%s" % (code, reason)


def code_one_api_key():
    service = youtube(developerKey="AIzaSyExample-key_1")
    found = service.search().list(part="snippet", q="a b&c", type="video").execute()
    equal("an API key searches: nothing fits these words", ("youtube#searchListResponse", []),
          (found["kind"], found["items"]))
    found = service.search().list(part="snippet", q="", type="video", maxResults=1).execute()
    equal("a page holds as many as were asked for", 1, len(found["items"]))
    more = service.search().list_next(service.search().list(part="snippet", q="", type="video", maxResults=1), found)
    second = more.execute()
    equal("the library finds the next page", True, second["items"][0]["id"] != found["items"][0]["id"])
    shown = service.videos().list(part="snippet", id=VIDEO).execute()
    equal("and the tutorial's video", [VIDEO], [item["id"] for item in shown["items"]])
    refuses("no user stands behind a key", HttpError, status(401, "required|Login Required"),
            service.videos().rate(rating="like", id=VIDEO).execute)


def code_two_oauth():
    mark()
    credentials, browser = sign_in(Person(), [YOUTUBE])
    equal("one link was opened", 1, len(browser.links))
    asked = query_of(browser.links[0])
    equal("the link carries PKCE", "S256", asked["code_challenge_method"])
    equal("the browser ends at the program's own page", 200, browser.last[0])
    like("the program has an access token", "^ya29[.]", credentials.token)
    like("and a refresh token", "^1//0", credentials.refresh_token)
    equal("for what was granted", [YOUTUBE], credentials.granted_scopes)
    left = credentials.expiry - datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None)
    equal("that lives 3,599 s", True, 3_580 < left.total_seconds() < 3_600)
    logged("the server saw a code", "POST oauth2.googleapis.com/token 200")
    kept["credentials"] = credentials
    service = youtube(credentials=credentials)
    equal("a like says nothing", "", service.videos().rate(rating="like", id=VIDEO).execute())
    rated = service.videos().getRating(id=VIDEO).execute()
    equal("and is there", [{"videoId": VIDEO, "rating": "like"}], rated["items"])
    service.videos().rate(rating="none", id=VIDEO).execute()
    rated = service.videos().getRating(id=VIDEO).execute()
    equal("and can be taken back", "none", rated["items"][0]["rating"])
    refuses("a video that is none", HttpError, status(404, "videoNotFound|video"),
            service.videos().rate(rating="like", id="AAAAAAAAAAA").execute)


def channels_and_playlists():
    service = youtube(credentials=kept["credentials"])
    mine = service.channels().list(part="snippet,contentDetails", mine=True).execute()
    equal("one channel is mine", 1, len(mine["items"]))
    like("it has a list of uploads", "^UU", mine["items"][0]["contentDetails"]["relatedPlaylists"]["uploads"])
    body = {"snippet": {"title": "Tides & ferries – Ebbe", "description": "<b>"}, "status": {"privacyStatus": "private"}}
    made = service.playlists().insert(part="snippet,status", body=body).execute()
    equal("a playlist keeps its title", body["snippet"]["title"], made["snippet"]["title"])
    listed = service.playlists().list(part="snippet,status", mine=True).execute()
    equal("and is listed", [(made["id"], "private")],
          [(item["id"], item["status"]["privacyStatus"]) for item in listed["items"]])
    stranger = youtube(developerKey="AIzaSyExample-key_1")
    equal("a private one to nobody else", [],
          stranger.playlists().list(part="snippet", id=made["id"]).execute()["items"])


def uploads():
    plain = Plain()
    plain.redirect_codes = plain.redirect_codes - {308}
    service = youtube(http=AuthorizedHttp(kept["credentials"], http=plain))
    body = {"snippet": {"title": "Test card", "description": "d"}, "status": {"privacyStatus": "unlisted"}}
    path, size = os.path.join(os.environ["WORK"], "long.mp4"), 700 * 1024
    with open(os.environ["MEDIA"], "rb") as card, open(path, "wb") as file:
        file.write(card.read().ljust(size, b"\0"))
    media = MediaFileUpload(path, mimetype="video/mp4", chunksize=256 * 1024, resumable=True)
    mark()
    request = service.videos().insert(part="snippet,status", body=body, media_body=media)
    progress, video = [], None
    while video is None:
        told, video = request.next_chunk()
        if told:
            progress.append(told.resumable_progress)
    equal("chunks of 256 KiB arrive one by one", [256 * 1024, 512 * 1024], progress)
    equal("then the video is there", ("Test card", "unlisted"),
          (video["snippet"]["title"], video["status"]["privacyStatus"]))
    logged("all of its bytes are", "%d bytes" % size)
    small = MediaInMemoryUpload(b"\0\0\0\x18ftypmp42", mimetype="video/mp4")
    second = service.videos().insert(part="snippet", body={"snippet": {"title": "One request"}}, media_body=small)
    equal("a multipart upload is one request", "One request", second.execute()["snippet"]["title"])
    shown = service.videos().list(part="snippet", id=video["id"]).execute()
    equal("what was uploaded can be seen", "Test card", shown["items"][0]["snippet"]["title"])
    equal("and deleted", "", service.videos().delete(id=video["id"]).execute())
    equal("so that it is gone", [], service.videos().list(part="snippet", id=video["id"]).execute()["items"])


def refreshing():
    credentials = kept["credentials"]
    old, refresh = credentials.token, credentials.refresh_token
    credentials.refresh(Request())
    like("a refresh brings another access token", "^ya29[.]", credentials.token)
    equal("which is not the old one", True, credentials.token != old)
    equal("the refresh token stays, as at Google", refresh, credentials.refresh_token)
    credentials.expiry = datetime.datetime(2000, 1, 1)
    service = youtube(credentials=credentials)
    before = credentials.token
    service.channels().list(part="id", mine=True).execute()
    equal("one that has ended is renewed by a call itself", True, credentials.token != before)
    credentials.token = "ya29.unknown"
    credentials.expiry = None
    service.channels().list(part="id", mine=True).execute()
    equal("and so is one that the server refuses", True, credentials.token != "ya29.unknown")


def granular_consent():
    os.environ["OAUTHLIB_RELAX_TOKEN_SCOPE"] = "1"
    person = Person(account="ben@example.org", untick=[YOUTUBE])
    credentials, _ = sign_in(person, [YOUTUBE, READONLY])
    del os.environ["OAUTHLIB_RELAX_TOKEN_SCOPE"]
    equal("an unticked scope is not granted", [READONLY], credentials.granted_scopes)
    like("the pages were two: an account, a consent", "Choose an account", person.pages[0][1])
    like("with a box for each scope", 'type="checkbox"', person.pages[1][1])
    service = youtube(credentials=credentials)
    equal("the rest can be read", 1, len(service.channels().list(part="id", mine=True).execute()["items"]))
    refuses("and not written", HttpError, status(403, "insufficient"),
            service.videos().rate(rating="like", id=VIDEO).execute)
    refuses("without that switch the library takes no fewer scopes", Warning, "Scope has changed",
            lambda: sign_in(Person(untick=[YOUTUBE]), [YOUTUBE, READONLY]))


def declining():
    refuses("a user who declines", AccessDeniedError, "access_denied",
            lambda: sign_in(Person(decision="deny"), [YOUTUBE]))


def web_flow():
    flow = Flow.from_client_config({"web": WEB}, [YOUTUBE], redirect_uri=BACK)
    link, state = flow.authorization_url(access_type="offline", include_granted_scopes="true")
    back = Person().visit(link)
    like("a website's user comes back to it", "^https://www[.]example[.]com/back[?]", back)
    equal("with the state of the link", state, query_of(back)["state"])
    flow.fetch_token(authorization_response=back)
    credentials = flow.credentials
    like("the first consent brings a refresh token", "^1//0", credentials.refresh_token)
    refuses("a code is good once", InvalidGrantError, "invalid_grant",
            lambda: flow.fetch_token(code=query_of(back)["code"]))
    refuses("and what came of it has ended", RefreshError, "invalid_grant",
            lambda: credentials.refresh(Request()))

    flow = Flow.from_client_config({"web": WEB}, [YOUTUBE], redirect_uri=BACK)
    link, _ = flow.authorization_url(access_type="offline")
    person = Person()
    flow.fetch_token(authorization_response=person.visit(link))
    like("a user who consented before is not asked again", "Choose an account", person.pages[-1][1])
    equal("and there is no second refresh token", None, flow.credentials.refresh_token)
    flow = Flow.from_client_config({"web": WEB}, [YOUTUBE], redirect_uri=BACK)
    link, _ = flow.authorization_url(access_type="offline", prompt="consent")
    flow.fetch_token(authorization_response=Person().visit(link))
    like("unless consent is asked for again", "^1//0", flow.credentials.refresh_token)

    # A cassette is stricter: it refuses a verifier that does not belong to the link before it looks for an answer.
    if os.environ["SERVER_LOG"]:
        flow = Flow.from_client_config({"web": WEB}, [YOUTUBE], redirect_uri=BACK)
        link, _ = flow.authorization_url()
        code = query_of(Person().visit(link))["code"]
        flow.code_verifier = "v" * 64
        refuses("another verifier redeems nothing", InvalidGrantError, "code verifier",
                lambda: flow.fetch_token(code=code))
    other = Flow.from_client_config({"web": WEB}, [YOUTUBE], redirect_uri="https://evil.example.com/back")
    status_code, _, page = send(other.authorization_url()[0])
    equal("an address that is not registered is not gone to", 400, status_code)
    like("and the page says why", "Error 400: redirect_uri_mismatch", page)


def the_end():
    credentials = kept["credentials"]
    answer, _, _ = send(GOOGLE + "/revoke", form="token=" + credentials.token)
    equal("revoked", 200, answer)
    refuses("a refresh after it", RefreshError, "invalid_grant.*expired or revoked",
            lambda: credentials.refresh(Request()))


run(code_one_api_key, code_two_oauth, channels_and_playlists, uploads, refreshing, granular_consent, declining,
    web_flow, the_end)
