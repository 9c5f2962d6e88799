#!/usr/bin/env bash
# Kills a training run with SIGKILL at random moments, resumes it each time, and compares the networks at the end, byte for byte, with
# those of a run that nobody disturbed. Takes about five minutes for the 50 kills.
# Usage: checks/kill-resume.sh [KILLS] [DEVICE]
set -euo pipefail
kills=${1:-50}
device=${2:-auto}
root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
RANDOM=42

# The burn-in is given, as by default it is the length of the run, which differs here between the two.
# Replaces the shell it runs in, so that a background shell's process id is Java's.
train() { # folder, steps
    exec "$root/latent4j" gan train --data ising:l=12,n=500 --preset ising --burn-in 300 --width 4 --latent 8 --batch 16 --device "$device" --steps "$2" \
        --report-every 5 --sample-every 20 --checkpoint-every 10 --out "$1" --resume
}
numbers() { # folder: parameters and updater state of both networks in the newest checkpoint
    local newest zip
    newest=$(find "$1/checkpoints" -mindepth 1 -maxdepth 1 -name '0*' | sort | tail -n 1)
    for zip in generator discriminator; do
        unzip -p "$newest/$zip.zip" coefficients.bin updaterState.bin | sha256sum
    done
    basename "$newest"
}

"$root/latent4j" --version # builds what is not built: a kill must hit the run

# The run is made longer each time, so that there is always something left to kill.
done_kills=0
steps=100
while [ "$done_kills" -lt "$kills" ]; do
    steps=$((steps + 200))
    train "$work/killed" "$steps" >"$work/log" 2>&1 &
    pid=$!
    sleep "$((RANDOM % 5)).$((RANDOM % 10))"
    if kill -9 "$pid" 2>/dev/null; then
        done_kills=$((done_kills + 1))
    fi
    wait "$pid" 2>/dev/null || true
    if grep -qE 'damaged|failed|in use' "$work/log"; then
        cat "$work/log"
        echo "FAILED: the run could not go on after kill $done_kills" >&2
        exit 1
    fi
done
if [ ! -d "$work/killed/checkpoints" ]; then
    echo "FAILED: every kill came before the first checkpoint, so nothing was tested; ask for more kills" >&2
    exit 1
fi
newest=$(find "$work/killed/checkpoints" -mindepth 1 -maxdepth 1 -name '0*' | sort | tail -n 1)
steps=$((10#$(basename "$newest") + 25))
(train "$work/killed" "$steps") >"$work/log" 2>&1 || { cat "$work/log"; exit 1; }
(train "$work/whole" "$steps") >"$work/log" 2>&1 || { cat "$work/log"; exit 1; }
if [ "$(numbers "$work/killed")" != "$(numbers "$work/whole")" ]; then
    echo "FAILED: after $kills kills the networks of step $steps differ from the undisturbed run's" >&2
    exit 1
fi
lines=$(cut -d, -f1 "$work/killed/stats.jsonl" | sort | uniq -d | wc -l)
[ "$lines" = 0 ] || { echo "FAILED: $lines lines of statistics are there twice" >&2; exit 1; }
echo "$kills kills, $steps steps: the networks equal the undisturbed run's"
