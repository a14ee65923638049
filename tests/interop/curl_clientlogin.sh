#!/usr/bin/env bash
# ClientLogin with curl alone, and with the lines of `gdata-auth sign clientlogin`.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=checks.sh
. "$(dirname "${BASH_SOURCE[0]}")/checks.sh"

LOGIN="$GOOGLE/accounts/ClientLogin"

# login EMAIL PASSWORD [CURL-ARGUMENT…]: TOKEN is the value of Auth, or empty
login() {
  ask --data-urlencode "Email=$1" --data-urlencode "Passwd=$2" --data service=youtube \
    --data source=interop-curl-1 --data accountType=HOSTED_OR_GOOGLE "${@:3}" "$LOGIN"
  TOKEN=$(sed -n 's/^Auth=//p' <<<"$BODY")
}

logins() {
  login odd@example.com "$PASSWORD"
  is "a login is answered" 200 "$STATUS"
  is "as text" "text/plain" "$(field content-type | sed 's/;.*//')"
  like "SID, LSID and Auth, a line each" '^SID=DQAAA[^'$'\n'']+'$'\n''LSID=DQAAA[^'$'\n'']+'$'\n''Auth=DQAAA' "$BODY"
  is "the last line ends" 0a "$(tail -c 1 "$WORK/body" | od -An -tx1 | tr -d ' ')"
  has "nobody keeps the answer" "no-store" "$(field cache-control)"
  logged "the log has it" "POST www.google.com/accounts/ClientLogin 200"
  if grep -qF -e "$PASSWORD" -e "$TOKEN" "$SERVER_LOG"; then
    not_ok "the log keeps secrets" "neither password nor token in it" "one of them"
  else
    ok "the log keeps secrets"
  fi

  # libgdata escaped more than it had to, and Google took it.
  ask --data 'accountType=HOSTED%5FOR%5FGOOGLE&Email=ann%40example%2Ecom&Passwd=%73ecret&service=youtube&source=x' \
    "$LOGIN"
  is "escapes that nobody needs" 200 "$STATUS"
  ask --data 'Email=ann&Passwd=secret&service=youtube&source=x' "$GOOGLE/youtube/accounts/ClientLogin"
  is "YouTube's own address, before 2011" 200 "$STATUS"
  login ann@example.com wrong
  is "a wrong password is 403" 403 "$STATUS"
  is "in the 24 bytes of Google's trace" "24 Error=BadAuthentication" "$(wc -c <"$WORK/body") $BODY"
  ask -H 'Content-Type: text/plain' --data 'Email=ann' "$LOGIN"
  is "half a form" "403 Error=Unknown" "$STATUS $BODY"
}

captcha() {
  login captcha@example.com secret
  has "a CAPTCHA" "Error=CaptchaRequired" "$BODY"
  local token url word
  token=$(sed -n 's/^CaptchaToken=//p' <<<"$BODY")
  url=$(sed -n 's/^CaptchaUrl=//p' <<<"$BODY")
  is "its address" "Captcha?ctoken=$token" "$url"
  ask "$GOOGLE/accounts/$url"
  is "has a picture" "200 image/svg+xml" "$STATUS $(field content-type)"
  word=$(sed -n 's/.*>\([a-z]*\)<\/text>.*/\1/p' <<<"$BODY")
  login captcha@example.com secret --data "logintoken=$token" --data-urlencode "loginanswer=$word"
  like "libgdata's misspelt answer is logged" '^(200|403)$' "$STATUS"
  logged "and named" "loginanswer"
  if [[ $STATUS == 403 ]]; then
    token=$(sed -n 's/^CaptchaToken=//p' <<<"$BODY")
    ask "$GOOGLE/accounts/Captcha?ctoken=$token"
    word=$(sed -n 's/.*>\([a-z]*\)<\/text>.*/\1/p' <<<"$BODY")
    login captcha@example.com secret --data "logintoken=$token" --data-urlencode "logincaptcha=$word"
    is "the right one opens" 200 "$STATUS"
  fi
}

feeds() {
  login ann@example.com secret
  local token=$TOKEN header
  for header in "auth=$token" "auth=\"$token\""; do
    ask -H "Authorization: GoogleLogin $header" "$UPLOADS?v=2"
    has "a feed with GoogleLogin ${header//$token/…}" '>Uploads by ann</title>' "$BODY"
  done
  ask -H "authorization: googlelogin auth=$token" "$UPLOADS"
  is "in small letters" 200 "$STATUS"
  ask -H "Authorization: GoogleLogin auth=${token}x" "$UPLOADS"
  is "an unknown token" 401 "$STATUS"
  has "in YouTube's words" "<code>InvalidToken</code>" "$BODY"
  like "with a challenge" '^GoogleLogin realm="' "$(field www-authenticate)"
  logged "the log says so" "401: no such token was issued here"

  local help
  help=$("$GDATA_AUTH_BIN" sign --help)
  if [[ $help != *clientlogin* ]]; then
    echo "skip - sign clientlogin: a binary with \`gdata-auth sign clientlogin\`"
    return
  fi
  printf '%s' "$token" >"$WORK/token"
  "$GDATA_AUTH_BIN" sign clientlogin --token-file "$WORK/token" --gdata-version 2 \
    --developer-key AI39si-interop GET "$UPLOADS" >"$WORK/lines"
  is "sign clientlogin" "Authorization: GoogleLogin auth=$token" "$(head -n 1 "$WORK/lines")"
  has "with the rest" $'\nGData-Version: 2' "$(cat "$WORK/lines")"
  ask -H "@$WORK/lines" "$UPLOADS"
  has "its lines read the feed" '>Uploads by ann</title>' "$BODY"
  logged "the log has it" "GET gdata.youtube.com/feeds/api/users/default/uploads 200"
  printf 'bad\ntoken' >"$WORK/token"
  if "$GDATA_AUTH_BIN" sign clientlogin --token-file "$WORK/token" GET "$UPLOADS" >"$WORK/lines" 2>&1; then
    not_ok "a token of two lines is refused" "an exit code" "$(cat "$WORK/lines")"
  else
    ok "a token of two lines is refused"
  fi
}

logins
captcha
feeds
