#!/bin/sh
# Requests per second of the emulator's token endpoint beside oauth2-mock-server (npm), both redeeming a refresh token.
#
#   benches/token.sh [seconds-a-round] [rounds]
#
# Rounds alternate between the two; medians count. It needs wrk, node and npm.
set -eu
cd "$(dirname "$0")/.."

seconds=${1:-5}
rounds=${2:-3}

for program in wrk node npm; do
    command -v "$program" >/dev/null || { echo "skipped: there is no $program here"; exit 0; }
done

cargo build --quiet --release --no-default-features --features cassette,emulator --example bench_server
server=${CARGO_TARGET_DIR:-target}/release/examples/bench_server
work=$(mktemp -d)
pids=""
trap 'for pid in $pids; do kill "$pid" 2>/dev/null || :; done; rm -rf "$work"' EXIT INT TERM

npm install --silent --no-audit --no-fund --prefix "$work" oauth2-mock-server@9 >/dev/null 2>&1 ||
    { echo "skipped: oauth2-mock-server could not be installed"; exit 0; }
cat >"$work/mock.mjs" <<'JS'
import { OAuth2Server } from 'oauth2-mock-server';
const server = new OAuth2Server();
await server.issuer.keys.generate('RS256');
await server.start(0, '127.0.0.1');
console.log(`http://127.0.0.1:${server.address().port}/token`);
console.log('grant_type=refresh_token&refresh_token=1%2F%2Fbench&client_id=bench');
JS

mkfifo "$work/emulator.in"
: >"$work/emulator.out"
"$server" token <"$work/emulator.in" >"$work/emulator.out" &
pids="$pids $!"
sleep 3600 >"$work/emulator.in" &
pids="$pids $!"
: >"$work/mock.out"
(cd "$work" && exec node mock.mjs >mock.out) &
pids="$pids $!"

for target in emulator mock; do
    until [ "$(wc -l <"$work/$target.out")" -eq 2 ]; do sleep 0.1; done
    cat >"$work/$target.lua" <<LUA
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/x-www-form-urlencoded"
wrk.body = "$(sed -n 2p "$work/$target.out")"
LUA
done

ask() {
    wrk --threads 1 --connections 32 --duration "$2s" --script "$work/$1.lua" "$(sed -n 1p "$work/$1.out")"
}
median() { sort -n "$1" | awk '{ all[NR] = $1 } END { print all[int((NR + 1) / 2)] }'; }

for target in emulator mock; do ask "$target" 1 >/dev/null; done
round=0
while [ "$round" -lt "$rounds" ]; do
    round=$((round + 1))
    for target in emulator mock; do
        ask "$target" "$seconds" >"$work/wrk"
        grep -q 'Non-2xx\|Socket errors' "$work/wrk" && { cat "$work/wrk"; exit 1; }
        awk '/^Requests\/sec/ { print $2 }' "$work/wrk" >>"$work/$target.rate"
    done
done
for target in emulator mock; do
    printf '%-10s %10s requests/s (median of %s)\n' "$target" "$(median "$work/$target.rate")" "$rounds"
done
awk -v ours="$(median "$work/emulator.rate")" -v mock="$(median "$work/mock.rate")" \
    'BEGIN { printf "emulator / oauth2-mock-server: %.1f\n", ours / mock }'
