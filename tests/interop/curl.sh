#!/usr/bin/env bash
# curl with header lines of `gdata-auth sign`, and every odd but legal thing that curl can be made to send.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=checks.sh
. "$(dirname "${BASH_SOURCE[0]}")/checks.sh"

CALENDAR='http%3A%2F%2Fwww.google.com%2Fcalendar%2Ffeeds%2F'
CHALLENGE='AuthSub realm="http://www.google.com/accounts/AuthSubRequest"'
KEY="$KEYS/insecure-rsa2048-pkcs8.pem"
VIDEO='GET gdata.youtube.com/feeds/api/users/default/uploads'

plain_life() {
  consent 0
  is "the consent page redirects" 302 "$STATUS"
  like "to next, with the token encoded" \
    '^http://127\.0\.0\.1:9/cb\?lang=en&token=1%2F[A-Za-z0-9_-]{43}$' "$(field location)"
  local single_use=$TOKEN
  like "the token, decoded" '^1/[A-Za-z0-9_-]{43}$' "$TOKEN"

  sign GET "$GOOGLE/accounts/AuthSubSessionToken"
  is "sign prints one line" "Authorization: AuthSub token=\"$TOKEN\"" "$(cat "$WORK/lines")"
  ask -H "@$WORK/lines" "$GOOGLE/accounts/AuthSubSessionToken"
  is "the exchange is answered" 200 "$STATUS"
  is "as text" "text/plain" "$(field content-type)"
  like "with a session token" '^Token=1/[A-Za-z0-9_-]{43}$' "$BODY"
  TOKEN=${BODY#Token=}

  ask -H "Authorization: AuthSub token=\"$single_use\"" "$GOOGLE/accounts/AuthSubSessionToken"
  is "a second exchange is refused" 403 "$STATUS"
  logged "the log says that it was spent" \
    "GET www.google.com/accounts/AuthSubSessionToken 403: the single-use token was spent before"
  ask -H "Authorization: AuthSub token=\"$TOKEN\"" "$GOOGLE/accounts/AuthSubTokenInfo"
  is "AuthSubTokenInfo" \
    $'Target=127.0.0.1\nSecure=false\nScope=http://gdata.youtube.com/feeds/' "$BODY"
}

feeds() {
  sign GET "$UPLOADS" --gdata-version 2
  has "sign adds GData-Version" $'\nGData-Version: 2' "$(cat "$WORK/lines")"
  ask -H "@$WORK/lines" "$UPLOADS"
  is "a feed is answered" 200 "$STATUS"
  is "as a feed" "application/atom+xml; charset=UTF-8; type=feed" "$(field content-type)"
  has "with its title" '>Uploads by ann</title>' "$BODY"
  has "and two entries" '>2</openSearch:totalResults>' "$BODY"
  logged "the log has it" "$VIDEO 200"

  ask -H "authorization: AuthSub token=$TOKEN" -H 'gdata-version: 2' "$UPLOADS?max-results=1"
  is "a lower-case header, an unquoted token" 200 "$STATUS"
  ask -H "Authorization: AuthSub token=\"$TOKEN\"" -H 'Content-Length: 0' \
    -H 'Content-Type: application/x-www-form-urlencoded' "$UPLOADS"
  is "a GET with Content-Length: 0 and the type of a form" 200 "$STATUS"
  ask --head -H "Authorization: AuthSub token=\"$TOKEN\"" "$UPLOADS"
  is "HEAD" "200, as a feed" "$STATUS, as a $(field content-type | sed 's/.*type=//')"
  ask --http1.0 -H "Authorization: AuthSub token=\"$TOKEN\"" "$UPLOADS"
  is "HTTP/1.0" 200 "$STATUS"
  ask --get -H "Authorization: AuthSub token=\"$TOKEN\"" --data alt=json "$UPLOADS"
  is "alt=json is not played, and says so" "400, alt: only atom is played here" "$STATUS, $BODY"
}

# A client that is pointed at the emulator but names Google's own hosts is answered with their addresses.
real_hosts() {
  local url=http://gdata.youtube.com/feeds/api/users/default/uploads
  local port=${GOOGLE##*:}
  ask --proxy "$GOOGLE" -H "Authorization: AuthSub token=\"$TOKEN\"" "$url"
  is "an absolute target, as to a proxy" 200 "$STATUS"
  has "has addresses of that host" "'http://gdata.youtube.com/feeds/api/users/ann/uploads/" "$BODY"
  ask --connect-to "gdata.youtube.com:80:127.0.0.1:$port" \
    -H "Authorization: AuthSub token=\"$TOKEN\"" "$url"
  is "Host: gdata.youtube.com" 200 "$STATUS"
  has "has addresses of that host too" '://gdata.youtube.com/feeds/api/users/ann/uploads/' "$BODY"
  ask --resolve "gdata.youtube.com:$port:127.0.0.1" -H "Authorization: AuthSub token=\"$TOKEN\"" \
    "http://gdata.youtube.com:$port/feeds/api/users/default/uploads"
  is "Host: gdata.youtube.com with the emulator's port" 200 "$STATUS"
  ask -H 'Host: gdata.youtube.com:443' -H "Authorization: AuthSub token=\"$TOKEN\"" "$UPLOADS"
  is "a default port in Host is a wrong scope" 401 "$STATUS"
  has "in Google's words" "Token invalid - AuthSub token has wrong scope" "$BODY"
  logged "the log tells of the port" "401: Host: carries the default port"
  ask -H 'Host: maps.google.com' "$UPLOADS"
  is "a host that is not played" 404 "$STATUS"
  logged "the log says so" "GET maps.google.com/feeds/api/users/default/uploads 404"
}

refusals() {
  ask -H "Authorization: AuthSub token=\"$TOKEN\"" \
    "$GOOGLE/calendar/feeds/default/allcalendars/full"
  is "a wrong scope" 401 "$STATUS"
  is "has a challenge" "$CHALLENGE" "$(field www-authenticate)"
  cat >"$WORK/expected" <<'TEXT'
<HTML>
<HEAD>
<TITLE>Token invalid - AuthSub token has wrong scope</TITLE>
</HEAD>
<BODY BGCOLOR="#FFFFFF" TEXT="#000000">
<H1>Token invalid - AuthSub token has wrong scope</H1>
<H2>Error 401</H2>
</BODY>
</HTML>
TEXT
  is "and Google's text" "same" "$(cmp "$WORK/expected" "$WORK/body" 2>&1 && echo same)"

  ask -H 'Authorization: AuthSub token="1/no-such-token"' "$UPLOADS"
  is "an unknown token" 401 "$STATUS"
  is "has 199 bytes of body, as recorded" 199 "$(wc -c <"$WORK/body")"
  is "Content-Length agrees" 199 "$(field content-length)"
  is "and a challenge" "$CHALLENGE" "$(field www-authenticate)"
  cat >"$WORK/expected" <<'TEXT'
<HTML>
<HEAD>
<TITLE>Token invalid - Invalid AuthSub token.</TITLE>
</HEAD>
<BODY BGCOLOR="#FFFFFF" TEXT="#000000">
<H1>Token invalid - Invalid AuthSub token.</H1>
<H2>Error 401</H2>
</BODY>
</HTML>
TEXT
  is "and they are Google's" "same" "$(cmp "$WORK/expected" "$WORK/body" 2>&1 && echo same)"

  ask -H 'Authorization: AuthSub token="<script>"' "$GOOGLE/accounts/AuthSubRevokeToken"
  is "a token call with an unknown token" 403 "$STATUS"
  has "echoes it escaped" "Cannot parse AuthSub token: &lt;script&gt;" "$BODY"
  ask "$UPLOADS"
  is "no Authorization" "401, $CHALLENGE" "$STATUS, $(field www-authenticate)"
  ask -H 'Authorization: Digest x' "$UPLOADS"
  is "another scheme" "401, $CHALLENGE" "$STATUS, $(field www-authenticate)"
  ask -H 'Authorization: Bearer x' "$UPLOADS"
  is "OAuth 2.0 has its own challenge" '401, Bearer realm="https://accounts.google.com/"' \
    "$STATUS, $(field www-authenticate)"
  ask -X POST -H "Authorization: AuthSub token=\"$TOKEN\"" "$GOOGLE/accounts/AuthSubTokenInfo"
  is "token calls are GET" "405, GET" "$STATUS, $(field allow)"
  ask "$GOOGLE/accounts/AuthSubRequest?next=http%3A%2F%2Fwww.example.org%2F&scope=$YOUTUBE&secure=1"
  is "a site without a certificate gets no secure token" 400 "$STATUS"
}

# multipart [END]: an entry and the media, in $WORK/upload
multipart() {
  {
    printf -- '--b1\r\nContent-Type: application/atom+xml; charset=UTF-8\r\n\r\n'
    printf '<entry xmlns="http://www.w3.org/2005/Atom" xmlns:media="http://search.yahoo.com/mrss/">'
    printf '<media:group><media:title type="plain">Test card</media:title></media:group></entry>\r\n'
    printf -- '--b1\r\nContent-Type: video/mp4\r\nContent-Transfer-Encoding: binary\r\n\r\n'
    cat "$MEDIA"
    printf '\r\n--b1%s\r\n' "${1---}"
  } >"$WORK/upload"
}

# upload [CURL-ARGUMENT…]: posts it with the lines of sign
upload() {
  ask -X POST -H "@$WORK/lines" -H 'Content-Type: multipart/related; boundary="b1"' \
    -H 'Slug: test-card.mp4' --data-binary "@$WORK/upload" "$@" "$UPLOADS"
}

# uploads KIND [OPTION OF SIGN…]: an upload, read, found, deleted
uploads() {
  local kind=$1 size address
  shift
  size=$(wc -c <"$MEDIA")
  multipart
  sign POST "$UPLOADS" "$@"
  upload
  is "$kind upload without a developer key" 403 "$STATUS"
  sign POST "$UPLOADS" --developer-key AI39si-interop --client interop "$@"
  has "sign adds X-GData-Key" $'\nX-GData-Key: key=AI39si-interop' "$(cat "$WORK/lines")"
  upload
  is "$kind upload" 201 "$STATUS"
  address=$(field location)
  like "its Location" "^$GOOGLE/feeds/api/users/ann/uploads/[A-Za-z0-9_-]{11}$" "$address"
  like "its ETag" '^W/"[A-Za-z0-9_-]+\."$' "$(field etag)"
  has "its title" '>Test card</title>' "$BODY"
  logged "the log has its size" \
    "POST gdata.youtube.com/feeds/api/users/default/uploads 201: received $size bytes of video/mp4"

  local etag
  etag=$(field etag)
  sign GET "$address" "$@"
  ask -H "@$WORK/lines" "$address"
  is "it is read at its Location" "200, $etag" "$STATUS, $(field etag)"
  sign GET "$address" "$@"
  ask -H "@$WORK/lines" -H "If-None-Match: $etag" "$address"
  is "with its ETag it is not modified" 304 "$STATUS"
  sign DELETE "$address" --developer-key AI39si-interop "$@"
  ask -X DELETE -H "@$WORK/lines" -H 'If-Match: *' "$address"
  is "If-Match is not supported" 412 "$STATUS"
  sign DELETE "$address" --developer-key AI39si-interop "$@"
  ask -X DELETE -H "@$WORK/lines" "$address"
  is "it is deleted" 200 "$STATUS"
  sign GET "$address" "$@"
  ask -H "@$WORK/lines" "$address"
  is "and gone" 404 "$STATUS"
}

odd_uploads() {
  local way
  for way in 'Expect: 100-continue' 'Transfer-Encoding: chunked'; do
    multipart
    sign POST "$UPLOADS" --developer-key AI39si-interop
    upload -H "$way"
    is "an upload with $way" 201 "$STATUS"
    local address
    address=$(field location)
    sign POST "$address" --developer-key AI39si-interop
    ask -X POST -H "@$WORK/lines" -H 'X-HTTP-Method-Override: DELETE' --data '' "$address"
    is "deleted by X-HTTP-Method-Override" 200 "$STATUS"
  done
  multipart ''
  sign POST "$UPLOADS" --developer-key AI39si-interop
  upload
  is "a torn upload" 400 "$STATUS"
  logged "the log says what is missing" "400: multipart: expected a closing boundary, got none"
}

secure_life() {
  session 1 "$YOUTUBE+$CALENDAR" --key "$KEY"
  like "secure: a session token" '^1/[A-Za-z0-9_-]{43}$' "$TOKEN"
  sign GET "$GOOGLE/accounts/AuthSubTokenInfo" --key "$KEYS/insecure-rsa2048-pkcs1.pem"
  ask -H "@$WORK/lines" "$GOOGLE/accounts/AuthSubTokenInfo"
  has "secure: AuthSubTokenInfo, signed with the PKCS#1 file" $'Target=127.0.0.1\nSecure=true\n' "$BODY"

  local url="$UPLOADS?v=2&max-results=1&q=a+b%2Fc"
  sign GET "$url" --key "$KEY"
  local data='GET http://[^" ]+[?]v=2&max-results=1&q=a[+]b%2Fc [0-9]+ [0-9]+' sig='[A-Za-z0-9+/]{342}=='
  like "secure: the line" \
    "^Authorization: AuthSub token=\"1/[^\"]+\" sigalg=\"rsa-sha1\" data=\"$data\" sig=\"$sig\"\$" \
    "$(cat "$WORK/lines")"
  ask -H "@$WORK/lines" "$url"
  is "secure: a feed with an escaped query" 200 "$STATUS"
  ask -H "@$WORK/lines" "$url"
  is "secure: a replay" 401 "$STATUS"
  logged "the log names the nonce" "401: nonce: this timestamp and nonce were used before"
  sign GET "$UPLOADS" --key "$KEY" --timestamp 1300000000
  ask -H "@$WORK/lines" "$UPLOADS"
  is "secure: an old timestamp" 401 "$STATUS"
  logged "the log tells how old" "401: timestamp: "
  sign GET "$UPLOADS" --key "$KEY"
  ask -X POST -H "@$WORK/lines" "$UPLOADS"
  is "secure: another method than signed" 401 "$STATUS"
  sign GET "$UPLOADS" --key "$KEYS/insecure-rsa1024-pkcs8.pem"
  ask -H "@$WORK/lines" "$UPLOADS"
  is "secure: the wrong key" 401 "$STATUS"
  logged "the log names the signature" "401: sig: not made by the key of 127.0.0.1"
  sign GET "$UPLOADS"
  ask -H "@$WORK/lines" "$UPLOADS"
  is "secure: no signature" 401 "$STATUS"

  local real=http://gdata.youtube.com/feeds/api/users/default/uploads
  sign GET "$real" --key "$KEY"
  ask --proxy "$GOOGLE" -H "@$WORK/lines" "$real"
  is "secure: signed for the real host, with an absolute target" 200 "$STATUS"
  sign GET "$real" --key "$KEY"
  ask --connect-to "gdata.youtube.com:80:127.0.0.1:${GOOGLE##*:}" -H "@$WORK/lines" "$real"
  is "secure: signed for the real host, in Host" 200 "$STATUS"

  local calendar="$GOOGLE/calendar/feeds/default/allcalendars/full"
  sign GET "$calendar" --key "$KEY"
  ask -H "@$WORK/lines" "$calendar"
  like "secure: Calendar sends on" "^302 $calendar\?gsessionid=[A-Za-z0-9_-]+$" "$STATUS $(field location)"
  calendar=$(field location)
  sign GET "$calendar" --key "$KEY"
  ask -H "@$WORK/lines" "$calendar"
  has "secure: and answers there" ">Calendars of ann@example.com</title>" "$BODY"

  uploads "secure:" --key "$KEY"

  sign GET "$GOOGLE/accounts/AuthSubRevokeToken" --key "$KEY"
  ask -H "@$WORK/lines" "$GOOGLE/accounts/AuthSubRevokeToken"
  is "secure: revoked" "200, 0 bytes" "$STATUS, $(wc -c <"$WORK/body") bytes"
  sign GET "$UPLOADS" --key "$KEY"
  ask -H "@$WORK/lines" "$UPLOADS"
  is "secure: the token no longer works" 401 "$STATUS"
  has "in Google's words" "Token invalid - Invalid token: Token disabled, revoked, or expired." "$BODY"
  logged "the log says why" "$VIDEO 401: the token was revoked"
}

plain_life
feeds
real_hosts
refusals
uploads plain
odd_uploads
secure_life
