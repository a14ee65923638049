#!/usr/bin/env bash
# Installs the clients that run.sh drives: Debian 12, as root for the packages. It may run again and
# again, prints only what it could not install, and then still ends with 0: run.sh skips that client.
set -uo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
log=$(mktemp)
trap 'rm -f "$log"' EXIT

missing() { echo "not installed: $1"; }

quietly() { "$@" >>"$log" 2>&1; }

# packages NAME…: one package that is not there must not keep the others away
packages() {
  local package updated=''
  for package in "$@"; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' && continue
    if [[ $(id -u) -ne 0 ]]; then
      missing "$package (run as root)"
      continue
    fi
    if [[ -z $updated ]]; then
      quietly apt-get update -qq
      updated=yes
    fi
    DEBIAN_FRONTEND=noninteractive quietly apt-get install -y -qq --no-install-recommends "$package" ||
      missing "$package (apt)"
  done
}

if command -v apt-get >/dev/null; then
  packages perl libnet-google-authsub-perl python3 python3-venv jython curl openssl
  packages ruby ruby-vcr ruby-webmock ruby-multi-json
  command -v javac >/dev/null || packages default-jdk-headless
  packages libgoogle-api-client-java mono-mcs mono-runtime libgdata2.1-cil
  command -v node >/dev/null || packages nodejs
  command -v npm >/dev/null || packages npm
  command -v chromium >/dev/null || packages chromium
  command -v chromedriver >/dev/null || packages chromium-driver
  command -v faketime >/dev/null || packages faketime
else
  missing "the Debian packages (there is no apt-get)"
fi

venv=$here/.venv
if ! quietly "$venv/bin/python" -c 'import gdata.gauth, tlslite, lxml'; then
  quietly python3 -m venv --clear "$venv"
  quietly "$venv/bin/pip" install --quiet --disable-pip-version-check gdata-python3==3.0.1 ||
    missing "gdata-python3 3.0.1 (pip)"
fi

# Clients and servers of today, apart from the old ones and what those pull in.
modern=$here/.venv-modern
# offered MODULES PACKAGE…: installs what those modules come from, if one of them is not there
offered() {
  quietly "$modern/bin/python" -c "import $1" && return
  quietly "$modern/bin/python" -c '' || quietly python3 -m venv --clear "$modern"
  quietly "$modern/bin/pip" install --quiet --disable-pip-version-check "${@:2}" || missing "${*:2} (pip)"
}
offered 'requests_oauthlib, authlib, cryptography, jwt' 'requests-oauthlib[rsa]==2.0.0' oauthlib==4.0.1 Authlib==1.9.9
offered 'google_auth_oauthlib, googleapiclient, google.auth' \
  google-auth-oauthlib==1.5.0 google-auth==2.62.2 google-api-python-client==2.202.0
offered 'oauth2client, fasteners' oauth2client==4.1.3 fasteners==0.20
offered flask flask
offered 'vcr, urllib3, requests' vcrpy==9.4.2 requests
offered playwright.sync_api playwright==1.65.2
offered jsonschema jsonschema==4.26.0

# The schema of SARIF out of a package that ships it; the package itself is not installed.
schema=$modern/sarif-2.1.0-rtm.5.json
if ! [[ -f $schema ]]; then
  box=$(mktemp -d)
  if (cd "$box" && quietly npm pack --silent @microsoft/jest-sarif@1.0.0-beta.0 && quietly tar -xzf ./*.tgz); then
    cp "$box/package/lib/schemas/sarif-2.1.0-rtm.5.json" "$schema" 2>>"$log" || missing "the schema of SARIF"
  else
    missing "@microsoft/jest-sarif 1.0.0-beta.0 (npm)"
  fi
  rm -rf "$box"
fi

# One call for all: a second one would remove what the first one left without saving it.
if ! [[ -d $here/node_modules/googleclientlogin && -d $here/node_modules/oauth &&
  -d $here/node_modules/oidc-provider && -d $here/node_modules/har-validator && -d $here/node_modules/wiremock ]]; then
  quietly npm install --no-save --no-package-lock --no-audit --no-fund --ignore-scripts --prefix "$here" \
    googleclientlogin@0.2.8 oauth@0.10.2 oidc-provider@9.13.3 har-validator@5.1.5 wiremock@3.13.2 ||
    missing "googleclientlogin 0.2.8, oauth 0.10.2, oidc-provider 9.13.3, har-validator 5.1.5, wiremock 3.13.2 (npm)"
fi

# yup-oauth2 by a program of its own, beside the rest, so that what both need is built once.
if command -v cargo >/dev/null; then
  CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$here/../../target}" \
    quietly cargo build --locked --manifest-path "$here/yup_store/Cargo.toml" || missing "yup_store (cargo)"
else
  missing "yup_store (there is no cargo)"
fi

# gdata 2.0.18 and tlslite 0.4.9 need Python 2.7 to run, but only an unpacker to be there.
libraries=$here/.venv-python2

# unpack NAME VERSION FOLDER…: folders of a source distribution, without running its setup
unpack() {
  local name=$1 version=$2
  [[ -d $libraries/$name ]] && return
  local box
  box=$(mktemp -d)
  quietly "$venv/bin/pip" download --quiet --disable-pip-version-check --no-deps --no-binary :all: \
    --dest "$box" "$name==$version"
  quietly "$venv/bin/python" -c 'import shutil, sys; shutil.unpack_archive(*sys.argv[1:])' \
    "$box/$name-$version".* "$box"
  mkdir -p "$libraries"
  (cd "$box/$name-$version" && cp -R "${@:3}" "$libraries") >>"$log" 2>&1 ||
    missing "$name $version for Python 2.7 (pip download)"
  rm -rf "$box"
}

unpack gdata 2.0.18 src/gdata src/atom
unpack tlslite 0.4.9 tlslite

exit 0
