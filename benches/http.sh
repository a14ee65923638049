#!/bin/sh
# Requests per second of serve::Server against a bare hyper server, and whether its memory stays flat.
#
#   benches/http.sh [seconds-a-round] [rounds]
#
# Rounds alternate between the targets, so a slow moment of the machine meets all of them; medians
# count. The last line is the ratio. It needs wrk and Linux's /proc.
set -eu
cd "$(dirname "$0")/.."

seconds=${1:-5}
rounds=${2:-3}
# The emulator's token info goes here, as "token-info".
targets="bare serve"

command -v wrk >/dev/null || { echo "skipped: there is no wrk here"; exit 0; }

cargo build --quiet --release --no-default-features --features serve --example bench_server
server=${CARGO_TARGET_DIR:-target}/release/examples/bench_server
work=$(mktemp -d)
pids=""
trap 'for pid in $pids; do kill "$pid" 2>/dev/null || :; done; rm -rf "$work"' EXIT INT TERM

resident() { awk '/^VmRSS/ { print $2 }' "/proc/$(cat "$work/$1.pid")/status"; }
median() { sort -n "$1" | awk '{ all[NR] = $1 } END { print all[int((NR + 1) / 2)] }'; }

for target in $targets; do
    # A server ends with its input; this one never ends by itself.
    mkfifo "$work/$target.in"
    "$server" "$target" <"$work/$target.in" >"$work/$target.out" &
    echo $! >"$work/$target.pid"
    pids="$pids $!"
    sleep 3600 >"$work/$target.in" &
    pids="$pids $!"
    until [ -s "$work/$target.out" ]; do sleep 0.1; done
    wrk --threads 1 --connections 32 --duration 1s "$(cat "$work/$target.out")/" >/dev/null
    resident "$target" >"$work/$target.before"
done

round=0
while [ "$round" -lt "$rounds" ]; do
    round=$((round + 1))
    for target in $targets; do
        wrk --threads 1 --connections 32 --duration "${seconds}s" "$(cat "$work/$target.out")/" >"$work/wrk"
        grep -q 'Non-2xx\|Socket errors' "$work/wrk" && { cat "$work/wrk"; exit 1; }
        awk '/^Requests\/sec/ { print $2 }' "$work/wrk" >>"$work/$target.rate"
        awk '/requests in/ { print $1 }' "$work/wrk" >>"$work/$target.count"
    done
done

for target in $targets; do
    count=$(awk '{ all += $1 } END { print all }' "$work/$target.count")
    printf '%-8s %10s requests/s (median of %s), resident %s -> %s KiB over %s requests\n' \
        "$target" "$(median "$work/$target.rate")" "$rounds" \
        "$(cat "$work/$target.before")" "$(resident "$target")" "$count"
done
awk -v ours="$(median "$work/serve.rate")" -v bare="$(median "$work/bare.rate")" \
    'BEGIN { printf "serve / bare: %.2f\n", ours / bare }'
