#!/bin/sh
# Requests per second of serve::Server and of the emulator's token info against a bare hyper server, and whether
# their memory stays flat.
#
#   benches/http.sh [seconds-a-round] [rounds]
#
# Rounds alternate between the targets, so a slow moment of the machine meets all of them; medians
# count. The last lines are the ratios. It needs wrk and Linux's /proc.
set -eu
cd "$(dirname "$0")/.."

seconds=${1:-5}
rounds=${2:-3}
targets="bare serve token-info"

command -v wrk >/dev/null || { echo "skipped: there is no wrk here"; exit 0; }

cargo build --quiet --release --no-default-features --features cassette,emulator --example bench_server
server=${CARGO_TARGET_DIR:-target}/release/examples/bench_server
work=$(mktemp -d)
pids=""
trap 'for pid in $pids; do kill "$pid" 2>/dev/null || :; done; rm -rf "$work"' EXIT INT TERM

ask() {
    wrk --threads 1 --connections 32 --duration "$2s" \
        --header "$(sed -n 2p "$work/$1.out")" "$(sed -n 1p "$work/$1.out")"
}
resident() { awk '/^VmRSS/ { print $2 }' "/proc/$(cat "$work/$1.pid")/status"; }
median() { sort -n "$1" | awk '{ all[NR] = $1 } END { print all[int((NR + 1) / 2)] }'; }

for target in $targets; do
    # A server ends with its input; this one never ends by itself.
    mkfifo "$work/$target.in"
    : >"$work/$target.out"
    "$server" "$target" <"$work/$target.in" >"$work/$target.out" &
    echo $! >"$work/$target.pid"
    pids="$pids $!"
    sleep 3600 >"$work/$target.in" &
    pids="$pids $!"
    until [ "$(wc -l <"$work/$target.out")" -eq 2 ]; do sleep 0.1; done
    ask "$target" 1 >/dev/null
    resident "$target" >"$work/$target.before"
done

round=0
while [ "$round" -lt "$rounds" ]; do
    round=$((round + 1))
    for target in $targets; do
        ask "$target" "$seconds" >"$work/wrk"
        grep -q 'Non-2xx\|Socket errors' "$work/wrk" && { cat "$work/wrk"; exit 1; }
        awk '/^Requests\/sec/ { print $2 }' "$work/wrk" >>"$work/$target.rate"
        awk '/requests in/ { print $1 }' "$work/wrk" >>"$work/$target.count"
    done
done

for target in $targets; do
    count=$(awk '{ all += $1 } END { print all }' "$work/$target.count")
    printf '%-10s %10s requests/s (median of %s), resident %s -> %s KiB over %s requests\n' \
        "$target" "$(median "$work/$target.rate")" "$rounds" \
        "$(cat "$work/$target.before")" "$(resident "$target")" "$count"
done
for target in serve token-info; do
    awk -v name="$target" -v ours="$(median "$work/$target.rate")" -v bare="$(median "$work/bare.rate")" \
        'BEGIN { printf "%s / bare: %.2f\n", name, ours / bare }'
done
