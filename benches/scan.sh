#!/bin/sh
# MB/s of `gdata-auth migrate scan` against ripgrep, which looks for the same literals in the same run, and the scan's
# peak memory on a tree and on a quarter of it.
#
#   benches/scan.sh [megabytes] [rounds]
#
# The tree is made by a fixed rule: files of 2 to 130 KB in eight languages, one in 200 with a call of an old login.
# Everything is in the page cache. Rounds alternate, medians count. It needs GNU time for the memory, and rg for the ratio.
set -eu
cd "$(dirname "$0")/.."

megabytes=${1:-300}
rounds=${2:-5}

cargo build --quiet --release --features cli --bin gdata-auth
scan=${CARGO_TARGET_DIR:-target}/release/gdata-auth
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM

awk -v root="$work/tree" -v total="$((megabytes * 1000000))" '
    function next_number() { seed = (seed * 16807) % 2147483647; return seed }
    BEGIN {
        seed = 20150420
        count = split("py php java cs rb pl js c", endings, " ")
        for (i = 0; i < 4000; i++) {
            word = ""
            for (j = 3 + next_number() % 7; j > 0; j--) word = word substr("etaoinshrdlucmfwypvbgk", 1 + next_number() % 22, 1)
            words[i] = word
        }
        for (i = 0; i < 3000; i++) {
            line = substr("                ", 1, 4 * (next_number() % 4))
            for (j = 2 + next_number() % 8; j > 0; j--) {
                kind = next_number() % 10
                word = words[next_number() % 4000]
                if (kind < 6) line = line word substr(" .(,_=", 1 + next_number() % 6, 1)
                else if (kind < 8) line = line "\"" word " " words[next_number() % 4000] "\""
                else line = line word "(" words[next_number() % 4000] ", " next_number() % 1000 ");"
            }
            lines[i] = line
        }
        while (written < total) {
            folder = root "/" int(files / 400)
            if (files % 400 == 0) system("mkdir -p " folder)
            name = folder "/" words[files % 4000] files "." endings[1 + files % count]
            size = 2000 + (next_number() % 16) ^ 2 * 570
            text = ""
            length_now = 0
            while (length_now < size) { line = lines[next_number() % 3000]; text = text line "\n"; length_now += length(line) + 1 }
            if (files % 200 == 0) text = text "url = \"https://www.google.com/accounts/ClientLogin\"\n"
            printf "%s", text > name
            close(name)
            written += length(text)
            files++
        }
        print written, files > (root "/../size")
    }'
read -r bytes files <"$work/size"
printf '%s MB in %s files\n' "$((bytes / 1000000))" "$files"

sed -n '/^pub const LITERALS/,/^];/p' src/migrate/scan/prefilter.rs | grep -o '"[^"]*"' | tr -d '"' >"$work/literals"

now() { date +%s%N; }
# run NAME COMMAND…: the time of one run in milliseconds, into a file of that name
run() {
    name=$1
    shift
    begun=$(now)
    "$@" >"$work/out" 2>/dev/null || [ $? -eq 1 ]
    echo "$((($(now) - begun) / 1000000))" >>"$work/$name.ms"
}
median() { sort -n "$1" | awk '{ all[NR] = $1 } END { print all[int((NR + 1) / 2)] }'; }
rate() { awk -v bytes="$bytes" -v ms="$(median "$work/$1.ms")" 'BEGIN { printf "%.0f", bytes / 1000 / ms }'; }

find "$work/tree" -type f -exec cat {} + >/dev/null
round=0
while [ "$round" -lt "$rounds" ]; do
    round=$((round + 1))
    run scan "$scan" migrate scan --format json "$work/tree"
    if command -v rg >/dev/null; then run rg rg --files-with-matches --fixed-strings --file "$work/literals" "$work/tree"; fi
done
printf 'gdata-auth migrate scan: %s MB/s (median of %s)\n' "$(rate scan)" "$rounds"
if command -v rg >/dev/null; then
    printf 'rg, the same literals:   %s MB/s (%s)\n' "$(rate rg)" "$(rg --version | head -n 1)"
    awk -v ours="$(rate scan)" -v theirs="$(rate rg)" 'BEGIN { printf "scan / rg: %.2f\n", ours / theirs }'
else
    echo 'skipped: there is no rg here'
fi

if [ -x /usr/bin/time ]; then
    mkdir "$work/quarter"
    for folder in "$work"/tree/*; do
        if [ $(($(basename "$folder") % 4)) -eq 0 ]; then cp -r "$folder" "$work/quarter"; fi
    done
    for tree in quarter tree; do
        kilobytes=$(du -sk --apparent-size "$work/$tree" | cut -f 1)
        /usr/bin/time -f %M -o "$work/peak" "$scan" migrate scan --format json "$work/$tree" >/dev/null 2>&1 || :
        printf 'peak memory on %s MB: %s KiB\n' "$((kilobytes / 1000))" "$(tail -n 1 "$work/peak")"
    done
else
    echo 'skipped: there is no /usr/bin/time here'
fi
