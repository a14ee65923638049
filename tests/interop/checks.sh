# shellcheck shell=bash
# Checks for the clients written in shell: one line each, in the words that run.sh counts.
# A client gets GOOGLE (the emulator's origin), SERVER_LOG, KEYS, MEDIA, GDATA_AUTH_BIN and WORK.

: "${GOOGLE:?run this through run.sh}" "${SERVER_LOG:?}" "${WORK:?}" "${GDATA_AUTH_BIN:?}"

NEXT='http%3A%2F%2F127.0.0.1%3A9%2Fcb%3Flang%3Den'
YOUTUBE='http%3A%2F%2Fgdata.youtube.com%2Ffeeds%2F'
export UPLOADS="$GOOGLE/feeds/api/users/default/uploads"

# one_line TEXT: so that a wrong body does not break the report
one_line() {
  local text=${1//$'\r'/\\r}
  text=${text//$'\n'/\\n}
  printf '%s' "${text:0:600}"
}

ok() { printf 'ok - %s\n' "$1"; }

# not_ok NAME EXPECTED GOT
not_ok() { printf 'not ok - %s: expected %s, got %s\n' "$1" "$(one_line "$2")" "$(one_line "$3")"; }

# is NAME EXPECTED GOT
is() { if [[ $3 == "$2" ]]; then ok "$1"; else not_ok "$1" "\"$2\"" "\"$3\""; fi; }

# has NAME NEEDLE TEXT
has() { if [[ $3 == *"$2"* ]]; then ok "$1"; else not_ok "$1" "\"$2\" in it" "\"$3\""; fi; }

# like NAME REGEX TEXT
like() { if [[ $3 =~ $2 ]]; then ok "$1"; else not_ok "$1" "/$2/" "\"$3\""; fi; }

MARK=0
# mark: what the server logs from here on is what the next logged() looks at
mark() { MARK=$(wc -c <"$SERVER_LOG"); }

# logged NAME TEXT: a line since mark holds TEXT. Trouble with a connection is logged behind its answer,
# so this waits a little.
logged() {
  local since=''
  for _ in {1..40}; do
    since=$(tail -c "+$((MARK + 1))" "$SERVER_LOG")
    if [[ $since == *"$2"* ]]; then
      ok "$1"
      return
    fi
    sleep 0.05
  done
  not_ok "$1" "\"$2\" in the server's log" "\"$since\""
}

# shellcheck disable=SC2034  # its answers are read by the scripts that source this
# ask CURL-ARGUMENT…: sends a request; STATUS, HEAD and BODY hold the answer, $WORK/body its bytes
ask() {
  mark
  : >"$WORK/body"
  STATUS=$(curl --silent --max-time 10 --noproxy '' --dump-header "$WORK/head" \
    --output "$WORK/body" --write-out '%{http_code}' "$@") || STATUS="curl exit code $?"
  HEAD=$(tr -d '\r' <"$WORK/head")
  BODY=$(tr -d '\0' <"$WORK/body")
}

# field NAME: a header of the last answer
field() { sed -n "s/^$1: //Ip" <<<"$HEAD" | head -n 1; }

# consent SECURE [SCOPE]: follows the link of a website on 127.0.0.1; TOKEN is the single-use token
consent() {
  ask "$GOOGLE/accounts/AuthSubRequest?next=$NEXT&scope=${2-$YOUTUBE}&secure=$1&session=1"
  local raw
  raw=$(field location)
  raw=${raw##*token=}
  printf -v TOKEN '%b' "${raw//%/\\x}"
}

# sign METHOD URL [OPTION…]: header lines for $TOKEN, into $WORK/lines
sign() {
  printf '%s' "$TOKEN" >"$WORK/token"
  "$GDATA_AUTH_BIN" sign authsub --token-file "$WORK/token" "${@:3}" "$1" "$2" >"$WORK/lines"
}

# session SECURE [SCOPE [OPTION…]]: consent and exchange; TOKEN is a session token
session() {
  consent "$1" "${2-$YOUTUBE}"
  sign GET "$GOOGLE/accounts/AuthSubSessionToken" "${@:3}"
  ask -H "@$WORK/lines" "$GOOGLE/accounts/AuthSubSessionToken"
  TOKEN=${BODY#Token=}
}
