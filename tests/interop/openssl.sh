#!/usr/bin/env bash
# OpenSSL and gdata-auth check each other's signatures, and both the server's idea of them.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=checks.sh
. "$(dirname "${BASH_SOURCE[0]}")/checks.sh"

STAMP='1300000000 12345678901234567890'
URL='http://gdata.youtube.com/feeds/api/users/default/uploads?v=2&q=a+b%2Fc'
TOKEN='1/throw-away_token'

# part NAME: a parameter of the header in $WORK/lines
part() { sed -n "s/^Authorization: .*[ ]$1=\"\([^\"]*\)\".*/\1/p" "$WORK/lines"; }

# verify METHOD URL HEADER [KEY]: exit code and words of `gdata-auth verify authsub`
verify() {
  local code=0 words
  words=$("$GDATA_AUTH_BIN" verify authsub --public-key "$WORK/${4-2048}.pub" --header "$3" "$1" "$2" 2>&1) ||
    code=$?
  printf '%s %s' "$code" "$words"
}

# header DATA SIGNATURE-FILE: by hand, as the documents of AuthSub have it
header() {
  printf 'AuthSub token="%s" data="%s" sig="%s" sigalg="rsa-sha1"' \
    "$TOKEN" "$1" "$(openssl base64 -A -in "$2")"
}

keys() {
  local bits
  for bits in 1024 2048; do
    openssl pkey -in "$KEYS/insecure-rsa$bits-pkcs8.pem" -pubout -out "$WORK/$bits.pub"
  done
}

ours_by_openssl() {
  local bits key words
  for bits in 1024 2048; do
    key=$KEYS/insecure-rsa$bits-pkcs8.pem
    sign GET "$URL" --key "$key" --timestamp "${STAMP% *}" --nonce "${STAMP#* }"
    is "$bits bits: data is the method, the address as given, the time and the nonce" \
      "GET $URL $STAMP" "$(part data)"
    printf '%s' "$(part data)" >"$WORK/data"
    part sig | openssl base64 -d -A >"$WORK/sig"
    words=$(openssl dgst -sha1 -verify "$WORK/$bits.pub" -signature "$WORK/sig" "$WORK/data" 2>&1 || true)
    is "$bits bits: openssl verifies our signature" "Verified OK" "$words"
    openssl dgst -sha1 -sign "$key" -out "$WORK/theirs" "$WORK/data"
    is "$bits bits: and makes the same one" "same" "$(cmp "$WORK/sig" "$WORK/theirs" 2>&1 && echo same)"
    like "$bits bits: so do we" '^0 verified: signed by this key for this request at 2011-03-13T07:06:40' \
      "$(verify GET "$URL" "$(cat "$WORK/lines")" "$bits")"
  done
  sign GET "$URL" --key "$KEYS/insecure-rsa2048-pkcs1.pem" --timestamp "${STAMP% *}" --nonce "${STAMP#* }"
  is "PKCS#1 and PKCS#8 files of a key sign alike" "$(openssl base64 -A -in "$WORK/theirs")" "$(part sig)"
  openssl x509 -in "$KEYS/insecure-rsa2048-cert.pem" -noout -pubkey >"$WORK/of-certificate.pub"
  is "the certificate holds this key" "same" "$(cmp "$WORK/2048.pub" "$WORK/of-certificate.pub" 2>&1 && echo same)"
}

by_hand() {
  local key=$KEYS/insecure-rsa2048-pkcs8.pem data="GET $URL $STAMP" good changed
  printf '%s' "$data" >"$WORK/data"
  openssl dgst -sha1 -sign "$key" -out "$WORK/sig" "$WORK/data"
  good=$(header "$data" "$WORK/sig")
  like "a header made by hand is verified" '^0 verified: ' "$(verify GET "$URL" "$good")"
  like "and with the header's name before it" '^0 verified: ' "$(verify GET "$URL" "Authorization: $good")"

  local first
  first=$(openssl base64 -A -in "$WORK/sig" | cut -c 1)
  changed=${good/sig=\"$first/sig=\"$([[ $first == A ]] && echo B || echo A)}
  like "one changed byte in sig is refused" '^1 not verified: ' "$(verify GET "$URL" "$changed")"
  like "one changed byte in the nonce is refused" '^1 not verified: ' "$(verify GET "$URL" "${good/67890/67891}")"
  like "one changed byte in the address is refused" '^1 not verified: ' \
    "$(verify GET "$URL" "${good/uploads/Uploads}")"
  like "another address is refused" '^1 not verified: ' "$(verify GET "$URL&x=1" "$good")"
  like "another method is refused" '^1 not verified: ' "$(verify POST "$URL" "$good")"
  like "another key is refused" '^1 not verified: ' "$(verify GET "$URL" "$good" 1024)"
  like "a header without a signature is refused" '^1 not verified: ' \
    "$(verify GET "$URL" 'AuthSub token="1/x"')"

  # The classic mistakes: the digest is signed without its DigestInfo, or another digest is taken.
  openssl dgst -sha1 -r "$WORK/data" | cut -d ' ' -f 1 | tr -d '\n' >"$WORK/hex"
  openssl pkeyutl -sign -inkey "$key" -in "$WORK/hex" -out "$WORK/hex.sig"
  like "a signature over the digest in hex is refused" '^1 not verified: ' \
    "$(verify GET "$URL" "$(header "$data" "$WORK/hex.sig")")"
  openssl dgst -sha1 -binary "$WORK/data" >"$WORK/digest"
  openssl pkeyutl -sign -inkey "$key" -in "$WORK/digest" -out "$WORK/digest.sig"
  like "a signature without DigestInfo is refused" '^1 not verified: ' \
    "$(verify GET "$URL" "$(header "$data" "$WORK/digest.sig")")"
  openssl dgst -sha256 -sign "$key" -out "$WORK/sha256.sig" "$WORK/data"
  like "a signature with SHA-256 is refused" '^1 not verified: ' \
    "$(verify GET "$URL" "$(header "$data" "$WORK/sha256.sig")")"
}

on_the_server() {
  local key=$KEYS/insecure-rsa2048-pkcs8.pem data now
  session 1 "$YOUTUBE" --key "$key"
  now=$(date +%s)
  data="GET $UPLOADS $now 7"
  printf '%s' "$data" >"$WORK/data"
  openssl dgst -sha1 -sign "$key" -out "$WORK/sig" "$WORK/data"
  ask -H "Authorization: $(header "$data" "$WORK/sig")" "$UPLOADS"
  is "the server takes a signature of openssl" 200 "$STATUS"
  has "and answers with the feed" '>Uploads by ann</title>' "$BODY"
  ask -H "Authorization: $(header "$data" "$WORK/sig")" "$UPLOADS"
  is "once" 401 "$STATUS"

  # PLONCE's base64: lines of 76 characters, which curl can send with blanks where the breaks were.
  data="GET $UPLOADS $now 8"
  printf '%s' "$data" >"$WORK/data"
  openssl dgst -sha1 -sign "$key" -out "$WORK/sig" "$WORK/data"
  ask -H "Authorization: AuthSub token=$TOKEN sigalg=rsa-sha1 data=\"$data\" sig=\"$(
    openssl base64 -in "$WORK/sig" | tr '\n' ' '
  )\"" "$UPLOADS"
  is "it takes base64 with blanks in it, and unquoted values" 200 "$STATUS"

  data="GET $UPLOADS $now 9"
  printf '%s' "$data" | openssl dgst -sha1 -r | cut -d ' ' -f 1 | tr -d '\n' >"$WORK/hex"
  openssl pkeyutl -sign -inkey "$key" -in "$WORK/hex" -out "$WORK/hex.sig"
  ask -H "Authorization: $(header "$data" "$WORK/hex.sig")" "$UPLOADS"
  is "the server refuses a signature over the digest in hex" 401 "$STATUS"
  logged "the log names the signature" "401: sig: not made by the key of 127.0.0.1"
  printf '%s' "$data" | openssl dgst -sha256 -sign "$key" -out "$WORK/sha256.sig"
  ask -H "Authorization: $(header "$data" "$WORK/sha256.sig")" "$UPLOADS"
  is "the server refuses SHA-256" 401 "$STATUS"
}

keys
ours_by_openssl
by_hand
on_the_server
