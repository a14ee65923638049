#!/usr/bin/env bash
# A client recorded against an emulator of its own, and replayed without it: the same checks hold, with new nonces,
# new times and new random values; a key that is not the client's does not verify.
#
#   replayed.sh EMULATOR_OPTIONS -- COMMAND…
set -euo pipefail

options=()
while [[ $1 != -- ]]; do
  options+=("$1")
  shift
done
shift

work=$(mktemp -d -p "$WORK")
# Clients that call something illegal on purpose are told apart by their checks alone.
binary=$GDATA_AUTH_BIN

"$binary" emulator --port 0 "${options[@]}" >"$work/emulator.out" 2>"$work/emulator.log" &
emulator=$!
trap 'kill "$emulator" 2>/dev/null || true' EXIT
for _ in {1..100}; do
  upstream=$(sed -n 's/^listening on //p' "$work/emulator.out" 2>/dev/null || true)
  [[ -n $upstream ]] && break
  sleep 0.1
done

# What the answers name has to be the same port in both runs.
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')

cat >"$work/client.sh" <<'CLIENT'
GOOGLE=$GDATA_AUTH_ORIGIN SERVER_LOG= exec "$@"
CLIENT

lines() { sed -E "s/^(ok|not ok|skip) - /&$1: /"; }

"$binary" cassette record "$work/recorded.har" --quiet --port "$port" --upstream "$upstream" --keep-host --resign \
  -- bash "$work/client.sh" "$@" | lines recorded
kill "$emulator"
wait "$emulator" 2>/dev/null || true

leaks=$("$binary" cassette inspect --secrets "$work/recorded.har" || true)
if [[ $leaks == "no secret in the clear was found" ]]; then
  echo "ok - no secret is in the cassette"
else
  echo "not ok - no secret is in the cassette: expected none, got $(tr '\n' ' ' <<<"${leaks:0:400}")"
fi

"$binary" cassette replay "$work/recorded.har" --quiet --port "$port" -- bash "$work/client.sh" "$@" | lines replayed

# The keys of the client, and another one.
if [[ -n ${RIGHT_KEYS:-} ]]; then
  printf '%s\n' "$RIGHT_KEYS" >"$work/right.toml"
  "$binary" cassette replay "$work/recorded.har" --quiet --port "$port" --config "$work/right.toml" \
    -- bash "$work/client.sh" "$@" | lines "replayed and verified"
  printf '%s\n' "$WRONG_KEYS" >"$work/wrong.toml"
  refused=$("$binary" cassette replay "$work/recorded.har" --quiet --port "$port" --config "$work/wrong.toml" \
    -- bash "$work/client.sh" "$@" 2>/dev/null | grep -c '^not ok' || true)
  if [[ $refused -gt 0 ]]; then
    echo "ok - a key that is not the client's does not verify"
  else
    echo "not ok - a key that is not the client's does not verify: expected refusals, got none"
  fi
fi
