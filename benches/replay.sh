#!/bin/sh
# Requests per second of the replaying server against a bare hyper server and wiremock-rs, at several sizes of
# the cassette, and whether its memory stays flat.
#
#   benches/replay.sh [seconds-a-round] [rounds]
#
# Every request names one of the recorded paths at random, with a bearer token, as a client of an API does. Rounds
# alternate between the targets, so a slow moment of the machine meets all of them; medians count. It needs
# wrk and Linux's /proc; wiremock-rs is built from benches/peers where that can be built.
set -eu
cd "$(dirname "$0")/.."

seconds=${1:-5}
rounds=${2:-3}
targets="bare replay-1 replay-1000 replay-100000"

command -v wrk >/dev/null || { echo "skipped: there is no wrk here"; exit 0; }

cargo build --quiet --release --no-default-features --features cassette,emulator --example bench_server
target=${CARGO_TARGET_DIR:-target}
server=$target/release/examples/bench_server
peer=$target/peers/release/wiremock_server
if [ -x "$peer" ] || cargo build --quiet --release --manifest-path benches/peers/Cargo.toml \
    --target-dir "$target/peers" --bin wiremock_server; then
    targets="$targets wiremock-1000"
else
    echo "skipped: wiremock-rs could not be built here"
fi
work=$(mktemp -d)
pids=""
trap 'for pid in $pids; do kill "$pid" 2>/dev/null || :; done; rm -rf "$work"' EXIT INT TERM

cat >"$work/feeds.lua" <<'LUA'
local count = tonumber(os.getenv("FEEDS"))
local headers = { ["Authorization"] = "Bearer ya29.stand-in-of-a-bench" }
request = function()
  return wrk.format("GET", "/feeds/" .. math.random(0, count - 1) .. "?alt=json", headers)
end
LUA

size() { case $1 in *-*) echo "${1##*-}" ;; *) echo 1 ;; esac }
ask() {
    FEEDS=$(size "$1") wrk --threads 1 --connections 32 --duration "$2s" --script "$work/feeds.lua" "$(sed -n 1p "$work/$1.out")"
}
resident() { awk '/^VmRSS/ { print $2 }' "/proc/$(cat "$work/$1.pid")/status"; }
median() { sort -n "$1" | awk '{ all[NR] = $1 } END { print all[int((NR + 1) / 2)] }'; }

for target in $targets; do
    # A server ends with its input; this one never ends by itself.
    mkfifo "$work/$target.in"
    : >"$work/$target.out"
    case $target in
        bare) "$server" bare <"$work/$target.in" >"$work/$target.out" & ;;
        replay-*) "$server" replay "$(size "$target")" <"$work/$target.in" >"$work/$target.out" & ;;
        wiremock-*) "$peer" "$(size "$target")" <"$work/$target.in" >"$work/$target.out" & ;;
    esac
    echo $! >"$work/$target.pid"
    pids="$pids $!"
    sleep 3600 >"$work/$target.in" &
    pids="$pids $!"
    until [ "$(wc -l <"$work/$target.out")" -ge 1 ]; do sleep 0.1; done
    ask "$target" 1 >/dev/null
    resident "$target" >"$work/$target.before"
done

round=0
while [ "$round" -lt "$rounds" ]; do
    round=$((round + 1))
    for target in $targets; do
        ask "$target" "$seconds" >"$work/wrk"
        grep -q 'Non-2xx\|Socket errors' "$work/wrk" && { echo "$target:"; cat "$work/wrk"; exit 1; }
        awk '/^Requests\/sec/ { print $2 }' "$work/wrk" >>"$work/$target.rate"
        awk '/requests in/ { print $1 }' "$work/wrk" >>"$work/$target.count"
    done
done

for target in $targets; do
    count=$(awk '{ all += $1 } END { print all }' "$work/$target.count")
    printf '%-14s %10s requests/s (median of %s), resident %s -> %s KiB over %s requests\n' \
        "$target" "$(median "$work/$target.rate")" "$rounds" \
        "$(cat "$work/$target.before")" "$(resident "$target")" "$count"
done
ratio() {
    awk -v names="$1 / $2" -v ours="$(median "$work/$1.rate")" -v theirs="$(median "$work/$2.rate")" \
        'BEGIN { printf "%s: %.2f\n", names, ours / theirs }'
}
ratio replay-1 bare
ratio replay-1000 bare
ratio replay-100000 bare
ratio replay-100000 replay-1
case $targets in *wiremock*) ratio replay-1000 wiremock-1000 ;; esac
