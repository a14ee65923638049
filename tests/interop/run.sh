#!/usr/bin/env bash
# Runs clients by other hands against `gdata-auth emulator`, and counts what they saw. With words as
# arguments, only the clients with one of them in their names.
# The binary is $GDATA_AUTH_BIN, or target/debug/gdata-auth. install.sh installs the clients.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
repo=$(cd "$here/../.." && pwd)

binary=${GDATA_AUTH_BIN:-$repo/target/debug/gdata-auth}
if ! command -v "$binary" >/dev/null; then
  echo "no binary at $binary: build it with \`cargo build --features cli\`, or set GDATA_AUTH_BIN" >&2
  exit 2
fi

WORK=$(mktemp -d)
servers=()
stop() {
  local code=$? server
  for server in "${servers[@]}"; do kill "$server" 2>/dev/null || true; done
  for server in "${servers[@]}"; do
    for _ in {1..50}; do
      kill -0 "$server" 2>/dev/null || break
      sleep 0.1
    done
    kill -9 "$server" 2>/dev/null || true
    wait "$server" 2>/dev/null || true
  done
  rm -rf "$WORK"
  exit "$code"
}
trap stop EXIT
trap 'exit 130' INT TERM

export WORK
export GDATA_AUTH_BIN=$binary
export SERVER_LOG=$WORK/server.log
export KEYS=$repo/fixtures/keys
export MEDIA=$repo/fixtures/media/test-card.mp4
export REWRITE=$repo/fixtures/rewrite
export NO_COLOR=1 PYTHONDONTWRITEBYTECODE=1
# A proxy of the machine would take loopback requests elsewhere.
unset http_proxy https_proxy all_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY

# What clients of ClientLogin and OAuth 1.0 have to get right: every character that is escaped somewhere.
export PASSWORD='p&ss w=rd+100% €'
export CONSUMER_SECRET='s3cr+t/ &=%41~'

# Clients of OAuth 2.0, of one project.
export DESKTOP_ID=1234-desktop.apps.googleusercontent.com
export WEB_ID=1234-web.apps.googleusercontent.com
export DEVICE_ID=1234-tv.apps.googleusercontent.com
export OAUTH2_SECRET='GOCSPX-s3cr+t/ &=%41~'

user() { printf '[[user]]\nemail = "%s"\n%s\n' "$1" "${2-}"; }

consumer() { printf '[[consumer]]\nkey = "%s"\n%s\n' "$1" "$2"; }

certificate=$(printf 'certificate = """%s"""' "$(cat "$KEYS/insecure-rsa2048-cert.pem")")
{
  user ann@example.com 'name = "Ann Example"'
  user ben@example.org 'name = "Ben Example"'
  user odd@example.com "password = \"$PASSWORD\""
  user twosteps@example.com 'login_refusal = "InvalidSecondFactor"'
  user captcha@example.com 'login_refusal = "CaptchaRequired"'
  for code in NotVerified TermsNotAgreed AccountDeleted AccountDisabled ServiceDisabled; do
    user "${code,,}@example.com" "login_refusal = \"$code\""
  done
  consumer www.example.com "secret = \"$CONSUMER_SECRET\""
  consumer rsa.example.com "$certificate"
  consumer example.com "secret = \"$CONSUMER_SECRET\""$'\n'"$certificate"
} >"$WORK/emulator.toml"

# The one that asks, for OAuth 2.0.
oauth_client() { printf '[[oauth_client]]\nid = "%s"\ntype = "%s"\nsecret = "%s"\n%s\n' "$1" "$2" "$OAUTH2_SECRET" "${3-}"; }

robot() { printf '[[service_account]]\nemail = "%s@project.iam.gserviceaccount.com"\nkey = """%s"""\n' "$1" "$(cat "$KEYS/$2")"; }

{
  user ann@example.com 'name = "Ann Example"'
  user ben@example.org 'name = "Ben Example"'
  oauth_client "$DESKTOP_ID" installed
  oauth_client "$WEB_ID" web 'redirect_uris = ["https://www.example.com/back"]'
  oauth_client "$DEVICE_ID" limited-input
  robot robot insecure-rsa2048-cert.pem
  printf '%s\n' 'delegation_scopes = "https://www.googleapis.com/auth/calendar"' \
    'delegation_subjects = ["ann@example.com"]'
  robot other insecure-rsa2048-pub.pem
} >"$WORK/oauth2.toml"

# start NAME COMMAND…: a server of ours or by other hands, which says where it listens; sets ADDRESS and SERVER.
# Its log is $WORK/NAME.log.
start() {
  local name=$1
  shift
  : >"$WORK/$name.out"
  "$@" >"$WORK/$name.out" 2>"$WORK/$name.log" &
  SERVER=$!
  servers+=("$SERVER")
  ADDRESS=''
  for _ in {1..150}; do
    ADDRESS=$(sed -n 's/^listening on \(http:.*\)$/\1/p' "$WORK/$name.out")
    [[ -n $ADDRESS ]] && return
    kill -0 "$SERVER" 2>/dev/null || break
    sleep 0.1
  done
  echo "$name did not say where it listens:" >&2
  cat "$WORK/$name.log" >&2
  return 1
}

start server "$binary" emulator --port 0 --config "$WORK/emulator.toml" --consent allow \
  --site "127.0.0.1=$KEYS/insecure-rsa2048-cert.pem" || exit 2
server=$SERVER
export GOOGLE=$ADDRESS
start oauth2 "$binary" emulator --port 0 --config "$WORK/oauth2.toml" --consent ask || exit 2
asking=$SERVER
ASKING_GOOGLE=$ADDRESS

report=$WORK/report
: >"$report"

words=("$@")

# wanted NAME: whether one of the arguments is in it, or there are none
wanted() {
  local word
  for word in "${words[@]}"; do [[ $1 == *"$word"* ]] && return 0; done
  [[ ${#words[@]} -eq 0 ]]
}

# client NAME COMMAND…: runs one client; its name goes into every line
client() {
  local name=$1 code=0
  wanted "$name" || return 0
  shift
  "$@" 2>"$WORK/stderr" | sed -E "s/^(ok|not ok|skip) - /&$name: /" | tee -a "$report" || code=$?
  if [[ $code -ne 0 ]]; then
    echo "not ok - $name: expected it to come to its end, got exit code $code: $(tail -n 1 "$WORK/stderr")" |
      tee -a "$report"
    sed 's/^/  | /' "$WORK/stderr"
  fi
  if ! kill -0 "$server" 2>/dev/null || ! kill -0 "$asking" 2>/dev/null; then
    echo "not ok - $name: expected the emulator to live on, got its end" | tee -a "$report"
    tail -q -n 20 "$WORK/server.log" "$WORK/oauth2.log" | sed 's/^/  | /'
  fi
}

# asked NAME COMMAND…: the same against the emulator that asks
asked() { GOOGLE=$ASKING_GOOGLE SERVER_LOG=$WORK/oauth2.log client "$@"; }

skip() {
  wanted "$1" || return 0
  echo "skip - $1: $2" | tee -a "$report"
}

have() { command -v "$1" >/dev/null; }

# A name alone is no proof: a version manager leaves names that lead nowhere.
runs() { "$@" >/dev/null 2>&1; }

if ! have perl; then
  skip "Net::Google::AuthSub" "perl"
elif ! runs perl -MNet::Google::AuthSub -e 1; then
  skip "Net::Google::AuthSub" "the module (apt: libnet-google-authsub-perl)"
else
  client "Net::Google::AuthSub" perl "$here/net_google_authsub.pl"
  client "Net::Google::AuthSub, ClientLogin" perl "$here/net_google_clientlogin.pl"
fi

python3=$here/.venv/bin/python
if ! [[ -x $python3 ]]; then
  skip "gdata-python3" "tests/interop/.venv (install.sh makes it)"
elif ! runs "$python3" -c 'import gdata.gauth, tlslite, lxml'; then
  skip "gdata-python3" "gdata-python3==3.0.1 in tests/interop/.venv (install.sh installs it)"
else
  client "gdata-python3" "$python3" "$here/gdata_authsub.py"
  client "gdata-python3, ClientLogin" "$python3" "$here/gdata_clientlogin.py"
  client "gdata-python3, OAuth 1.0" "$python3" "$here/gdata_oauth1.py"
  client "gdata-python3, its token stores" "$python3" "$here/token_stores.py" gdata
fi

modern=$here/.venv-modern/bin/python
if ! runs "$modern" -c 'import requests_oauthlib, authlib, cryptography, jwt'; then
  skip "requests-oauthlib, oauthlib" "both, and Authlib, in tests/interop/.venv-modern (install.sh makes it)"
else
  client "requests-oauthlib" "$modern" "$here/requests_oauth1.py"
  client "oauthlib" "$modern" "$here/oauthlib_library.py"
fi

if ! runs "$modern" -c 'import google_auth_oauthlib, googleapiclient, google.auth, jwt'; then
  skip "google-auth-oauthlib, google-api-python-client, google-auth" \
    "all three, and PyJWT, in tests/interop/.venv-modern (install.sh installs them)"
else
  asked "google-auth-oauthlib" "$modern" "$here/google_youtube.py"
  asked "google-auth" "$modern" "$here/google_identity.py"
  asked "google-auth, PyJWT as judges" "$modern" "$here/credential_files.py"
fi

if ! runs "$modern" -c 'import oauth2client.client'; then
  skip "oauth2client" "oauth2client==4.1.3 in tests/interop/.venv-modern (install.sh installs it)"
else
  asked "oauth2client" "$modern" "$here/oauth2client_library.py"
  if ! runs "$modern" -c 'import google.oauth2.credentials, fasteners'; then
    skip "oauth2client, google-auth, their token stores" \
      "google-auth and fasteners in tests/interop/.venv-modern (install.sh installs them)"
  else
    client "oauth2client, google-auth, their token stores" "$modern" "$here/token_stores.py" modern
  fi
  # One library in each environment: the second one's packages are lent to the first.
  modern_site=$("$modern" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
  if ! runs env PYTHONPATH="$modern_site" "$python3" -c 'import gdata.gauth, oauth2client.file'; then
    skip "gdata-python3, rewritten code" "gdata-python3 and oauth2client on one Python 3"
  else
    PYTHONPATH=$modern_site client "gdata-python3, rewritten code" "$python3" "$here/token_stores.py" rewrite
    if have chromium && have chromedriver && have faketime; then
      PYTHONPATH=$modern_site client "gdata-python3, a whole migration" "$python3" "$here/migrate_journey.py"
    else
      skip "gdata-python3, a whole migration" "chromium, chromedriver and faketime (apt: chromium, chromium-driver, faketime)"
    fi
  fi
fi

# A crate's own file of tokens, by two emulators that ask: one whose access tokens last an hour, and one a second.
yup_store=${YUP_STORE:-${CARGO_TARGET_DIR:-$repo/target}/debug/yup_store}
if ! [[ -x $yup_store ]]; then
  skip "yup-oauth2" "$yup_store (install.sh builds tests/interop/yup_store)"
elif wanted "yup-oauth2"; then
  { echo 'access_token_seconds = 1' && cat "$WORK/oauth2.toml"; } >"$WORK/brief.toml"
  if start brief "$binary" emulator --port 0 --config "$WORK/brief.toml" --consent ask; then
    YUP_STORE=$yup_store BRIEF_GOOGLE=$ADDRESS asked "yup-oauth2" python3 "$here/yup_oauth2_store.py"
  else
    echo "not ok - yup-oauth2: expected an emulator of brief tokens, got none" | tee -a "$report"
  fi
fi

# Rewritten code before the compilers of its languages.
if ! runs javac -version || ! [[ -f /usr/share/java/google-api-client.jar ]]; then
  skip "Java, rewritten code" "javac and google-api-client (apt: default-jdk-headless, libgoogle-api-client-java)"
else
  client "Java, rewritten code" python3 "$here/rewritten_code.py" java
fi
if ! runs mono --version || ! have mcs || ! [[ -d /usr/lib/cli/Google.GData.Client-2.2 ]]; then
  skip "C#, rewritten code" "mcs, mono and google-gdata (apt: mono-mcs, libgdata2.1-cil)"
else
  client "C#, rewritten code" python3 "$here/rewritten_code.py" csharp
fi

# Reports of ours before a schema by other hands.
export SARIF_SCHEMA=$here/.venv-modern/sarif-2.1.0-rtm.5.json LEGACY=$repo/fixtures/legacy
if ! runs "$modern" -c 'import jsonschema'; then
  skip "SARIF" "jsonschema in tests/interop/.venv-modern (install.sh installs it)"
elif ! [[ -f $SARIF_SCHEMA ]]; then
  skip "SARIF" "the schema of npm's @microsoft/jest-sarif in tests/interop/.venv-modern (install.sh unpacks it)"
else
  client "SARIF" "$modern" "$here/sarif.py"
fi

if ! have chromium || ! have chromedriver; then
  skip "Chromium" "chromium and chromedriver (apt: chromium, chromium-driver)"
elif ! runs "$modern" -c 'import requests'; then
  skip "Chromium" "requests in tests/interop/.venv-modern (install.sh installs it)"
else
  asked "Chromium" "$modern" "$here/chromium_pages.py"
  asked "Chromium, campaign" "$modern" "$here/migrate_pages.py"
  TOKENS=$repo/fixtures/tokens asked "Chromium, plan" "$modern" "$here/plan_pages.py"
fi

# Recorders by other hands, and their cassettes.
export CASSETTES=$repo/fixtures/cassettes
if ! runs "$modern" -c 'import vcr, urllib3, requests'; then
  skip "vcrpy" "vcrpy in tests/interop/.venv-modern (install.sh installs it)"
else
  client "vcrpy" "$modern" "$here/vcrpy_cassettes.py"
fi
if ! runs ruby -e 'require "vcr"; require "webmock"; require "multi_json"'; then
  skip "Ruby VCR" "ruby-vcr, ruby-webmock and ruby-multi-json (apt)"
else
  client "Ruby VCR" ruby "$here/ruby_vcr.rb"
fi
if runs java -version && [[ -d $here/node_modules/wiremock ]]; then
  client "WireMock" python3 "$here/wiremock_mappings.py"
else
  skip "WireMock" "java, and npm's wiremock in tests/interop/node_modules (install.sh installs it)"
fi
if have chromium && runs "$modern" -c 'import playwright.sync_api'; then
  client "HAR in Chromium" "$modern" "$here/har_chromium.py"
else
  skip "HAR in Chromium" "chromium, and playwright in tests/interop/.venv-modern (install.sh installs it)"
fi

# Clients by other hands before a cassette: recorded at an emulator of its own, and replayed without it.
played() {
  local name=$1
  shift
  client "$name, recorded and replayed" bash "$here/replayed.sh" --config "$WORK/emulator.toml" --consent allow \
    --site "127.0.0.1=$KEYS/insecure-rsa2048-cert.pem" -- "$@"
}
if runs perl -MNet::Google::AuthSub -e 1; then
  played "Net::Google::AuthSub" perl "$here/net_google_authsub.pl"
fi
if runs "$python3" -c 'import gdata.gauth, tlslite, lxml'; then
  played "gdata-python3" "$python3" "$here/gdata_authsub.py"
  played "gdata-python3, ClientLogin" "$python3" "$here/gdata_clientlogin.py"
  played "gdata-python3, OAuth 1.0" "$python3" "$here/gdata_oauth1.py"
  openssl pkey -in "$KEYS/insecure-rsa1024-pkcs8.pem" -pubout -out "$WORK/another.pem"
  keys() { printf '[keys]\nauthsub = ["%s"]\noauth1-secrets = { "www.example.com" = "%s" }\n' "$1" "$2"; }
  certificate_file=$KEYS/insecure-rsa2048-cert.pem
  RIGHT_KEYS=$(keys "$certificate_file" "$CONSUMER_SECRET") WRONG_KEYS=$(keys "$certificate_file" another) \
    played "gdata-python3, verified" "$python3" "$here/gdata_signed.py"
  RIGHT_KEYS=$(keys "$certificate_file" "$CONSUMER_SECRET") \
    WRONG_KEYS=$(keys "$WORK/another.pem" "$CONSUMER_SECRET") \
    played "gdata-python3, verified by certificate" "$python3" "$here/gdata_signed.py"
fi
if runs "$modern" -c 'import google_auth_oauthlib, googleapiclient, google.auth, jwt'; then
  client "google-auth-oauthlib, recorded and replayed" bash "$here/replayed.sh" --config "$WORK/oauth2.toml" \
    --consent ask -- "$modern" "$here/google_youtube.py"
fi

# Servers by other hands, for our own client.
if ! runs "$modern" -c 'import requests, authlib, flask'; then
  skip "Authlib's server" "Authlib and Flask in tests/interop/.venv-modern (install.sh installs them)"
elif wanted "Authlib's server"; then
  if start authlib "$modern" "$here/authlib_server.py"; then
    AUTHLIB=$ADDRESS client "Authlib's server" "$modern" "$here/foreign_servers.py" authlib
  else
    echo "not ok - Authlib's server: expected it to start, it did not" | tee -a "$report"
  fi
fi

if ! have node; then
  skip "oidc-provider" "node"
elif ! [[ -d $here/node_modules/oidc-provider ]]; then
  skip "oidc-provider" "npm's oidc-provider in tests/interop/node_modules (install.sh installs it)"
elif ! runs "$modern" -c 'import requests'; then
  skip "oidc-provider" "requests in tests/interop/.venv-modern (install.sh installs it)"
elif wanted "oidc-provider"; then
  if start oidc node "$here/oidc_provider.mjs"; then
    OIDC=$ADDRESS client "oidc-provider" "$modern" "$here/foreign_servers.py" oidc-provider
  else
    echo "not ok - oidc-provider: expected it to start, it did not" | tee -a "$report"
  fi
fi

# A Python 2.7 that pyenv keeps is as good as one on the path.
if [[ -z ${PYTHON27:-} ]] && ! runs python2.7 -c 'pass'; then
  for python in "${PYENV_ROOT:-$HOME/.pyenv}"/versions/2.7*/bin/python2.7; do
    if [[ -x $python ]]; then PYTHON27=$python; fi
  done
fi
python2_libraries=$here/.venv-python2
for python in "${PYTHON27:-python2.7}" jython; do
  name="gdata 2.0.18 on ${python##*/}"
  if ! runs "$python" -c 'import sys; sys.exit(sys.version_info[:2] != (2, 7))'; then
    skip "$name" "a $python that runs Python 2.7"
  elif ! [[ -d $python2_libraries/gdata && -d $python2_libraries/tlslite ]]; then
    skip "$name" "gdata 2.0.18 and tlslite 0.4.9 in tests/interop/.venv-python2 (install.sh unpacks them)"
  else
    export PYTHONPATH=$python2_libraries JYTHONPATH=$python2_libraries
    client "$name" "$python" "$here/gdata_authsub.py"
    client "$name, ClientLogin" "$python" "$here/gdata_clientlogin.py"
    client "$name, OAuth 1.0" "$python" "$here/gdata_oauth1.py"
    unset PYTHONPATH JYTHONPATH
  fi
done

if have curl; then
  client "curl" bash "$here/curl.sh"
  client "curl, ClientLogin" bash "$here/curl_clientlogin.sh"
  client "curl, OAuth 1.0" bash "$here/curl_oauth1.sh"
else
  skip "curl" "curl"
fi

if ! have curl; then
  skip "openssl" "curl"
elif have openssl; then
  client "openssl" bash "$here/openssl.sh"
else
  skip "openssl" "openssl"
fi

proxy=${GDATA_AUTH_PROXY:-$repo/target/debug/examples/intercepting_proxy}
if ! have curl || ! have openssl; then
  skip "proxy" "curl and openssl"
elif ! [[ -x $proxy ]]; then
  skip "proxy" "$proxy (cargo build --features cli --example intercepting_proxy)"
else
  client "proxy" bash "$here/proxy.sh"
fi

if ! have node; then
  skip "raw sockets, googleclientlogin, oauth" "node"
else
  client "raw sockets" node "$here/raw_http.mjs"
  for package in googleclientlogin oauth; do
    if [[ -d $here/node_modules/$package ]]; then
      client "$package" node "$here/node_$package.mjs"
    else
      skip "$package" "npm's $package in tests/interop/node_modules (install.sh installs it)"
    fi
  done
fi

passed=$(grep -c '^ok - ' "$report" || true)
failed=$(grep -c '^not ok - ' "$report" || true)
skipped=$(grep -c '^skip - ' "$report" || true)
if [[ $passed -eq 0 && $failed -eq 0 ]]; then
  echo "nothing ran: see install.sh" >&2
fi
echo "$passed passed, $failed failed, $skipped skipped"
[[ $failed -eq 0 && $passed -gt 0 ]]
