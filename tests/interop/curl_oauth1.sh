#!/usr/bin/env bash
# OAuth 1.0 with curl and the lines of `gdata-auth sign oauth1`, from the request token to the revocation.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=checks.sh
. "$(dirname "${BASH_SOURCE[0]}")/checks.sh"

KEY="$KEYS/insecure-rsa2048-pkcs8.pem"
CALLBACK='http://127.0.0.1:9/cb?lang=en'
SCOPE='http://gdata.youtube.com/feeds/'
FEED='GET gdata.youtube.com/feeds/api/users/default/uploads'

help=$("$GDATA_AUTH_BIN" sign --help)
if [[ $help != *oauth1* ]]; then
  echo "skip - sign oauth1: a binary with \`gdata-auth sign oauth1\`"
  exit 0
fi

# unescaped TEXT
unescaped() { printf '%b' "${1//%/\\x}"; }

# part NAME TEXT: a field of a form or a query
part() { unescaped "$(sed -n "s/^\(.*[&?]\)\{0,1\}$1=\([^&]*\).*/\2/p" <<<"$2")"; }

# lines METHOD URL [OPTION…]: header lines by $CONSUMER with $TOKEN and $SECRET, if there are any
lines() {
  local token=()
  if [[ -n ${TOKEN-} ]]; then
    printf '%s' "$TOKEN" >"$WORK/token"
    printf '%s' "$SECRET" >"$WORK/token-secret"
    token=(--token-file "$WORK/token" --token-secret-file "$WORK/token-secret")
  fi
  "$GDATA_AUTH_BIN" sign oauth1 "${CONSUMER[@]}" "${token[@]}" "${@:3}" "$1" "$2" >"$WORK/lines"
}

# form URL NAME=VALUE…: posts a signed form
form() {
  local signed=() sent=() field
  for field in "${@:2}"; do
    signed+=(--form "$field")
    sent+=(--data-urlencode "$field")
  done
  lines POST "$1" "${signed[@]}"
  ask -H "@$WORK/lines" "${sent[@]}" "$1"
}

life() {
  local name=$1 request
  TOKEN=''
  # The callback stands in the form, as libgdata sent it; Google took that.
  form "$GOOGLE/accounts/OAuthGetRequestToken" "scope=$SCOPE" "oauth_callback=$CALLBACK" \
    "xoauth_displayname=Café & co"
  is "$name: a request token" 200 "$STATUS"
  like "$name: in Google's form" \
    '^oauth_token=4%2F[A-Za-z0-9_-]{28}&oauth_token_secret=[A-Za-z0-9_-]{24}&oauth_callback_confirmed=true$' "$BODY"
  logged "$name: the log has it" "POST www.google.com/accounts/OAuthGetRequestToken 200"
  TOKEN=$(part oauth_token "$BODY") SECRET=$(part oauth_token_secret "$BODY") request=$BODY
  ask "$GOOGLE/accounts/OAuthAuthorizeToken?oauth_token=${TOKEN/\//%2F}"
  is "$name: the consent page redirects" 302 "$STATUS"
  form "$GOOGLE/accounts/OAuthGetAccessToken" "oauth_verifier=$(part oauth_verifier "$(field location)")"
  is "$name: an access token" 200 "$STATUS"
  is "$name: it is another one" different "$([[ $BODY == "$request" ]] || echo different)"
  TOKEN=$(part oauth_token "$BODY") SECRET=$(part oauth_token_secret "$BODY")

  lines GET "$UPLOADS?max-results=1&q=a+b%2Fc" --gdata-version 2
  ask -H "@$WORK/lines" "$UPLOADS?max-results=1&q=a+b%2Fc"
  has "$name: the feed" '>Uploads by ann</title>' "$BODY"
  logged "$name: the log has it" "$FEED 200"
  ask -H "@$WORK/lines" "$UPLOADS?max-results=1&q=a+b%2Fc"
  is "$name: a replay" 401 "$STATUS"
  logged "$name: the log names the nonce" "401: nonce: this timestamp and nonce were used before"
  lines GET "$UPLOADS"
  ask -H "@$WORK/lines" "$UPLOADS?max-results=1"
  is "$name: another query" 401 "$STATUS"
  lines GET "$UPLOADS" --timestamp 1300000000
  ask -H "@$WORK/lines" "$UPLOADS"
  logged "$name: an old timestamp" "401: timestamp: "
  lines GET "$UPLOADS" --no-version
  ask -H "@$WORK/lines" "$UPLOADS"
  is "$name: without oauth_version, as Java" 200 "$STATUS"

  lines GET "$GOOGLE/accounts/AuthSubTokenInfo"
  ask -H "@$WORK/lines" "$GOOGLE/accounts/AuthSubTokenInfo"
  has "$name: AuthSubTokenInfo" $'\nSecure=true\n'"Scope=$SCOPE" "$BODY"
  form "$GOOGLE/o/oauth2/token" grant_type=urn:ietf:params:oauth:grant-type:migration:oauth1 client_id=1 \
    client_secret=s3cr3t
  like "$name: the migration grant" '^200 .*"refresh_token" ?: ?"1/' "$STATUS $BODY"
  lines GET "$GOOGLE/accounts/AuthSubRevokeToken"
  ask -H "@$WORK/lines" "$GOOGLE/accounts/AuthSubRevokeToken"
  is "$name: revoke" 200 "$STATUS"
  lines GET "$UPLOADS"
  ask -H "@$WORK/lines" "$UPLOADS"
  is "$name: the token no longer works" 401 "$STATUS"
  logged "$name: the log says why" "$FEED 401: the token was revoked"
}

two_legs() {
  local name=$1 url="$UPLOADS?v=2&xoauth_requestor_id=ann%40example.com"
  TOKEN=''
  lines GET "$url"
  ask -H "@$WORK/lines" "$url"
  has "$name: the feed of the user in the query" '>Uploads by ann</title>' "$BODY"
  lines GET "$UPLOADS?v=2" --requestor ann@example.com 2>"$WORK/called"
  url=$(sed -n 's/^call it at //p' "$WORK/called")
  has "$name: --requestor goes into the query" "xoauth_requestor_id=ann" "$url"
  ask -H "@$WORK/lines" "$url"
  has "$name: the feed at that address" '>Uploads by ann</title>' "$BODY"
}

printf '%s' "$CONSUMER_SECRET" >"$WORK/consumer"
CONSUMER=(--consumer-key www.example.com --consumer-secret-file "$WORK/consumer")
life HMAC
CONSUMER=(--consumer-key rsa.example.com --key "$KEY")
life RSA
CONSUMER=()
life anonymous
CONSUMER=(--consumer-key example.com --consumer-secret-file "$WORK/consumer")
two_legs "two-legged HMAC"
CONSUMER=(--consumer-key example.com --key "$KEY")
two_legs "two-legged RSA"
