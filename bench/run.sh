#!/usr/bin/env bash
# bench/run.sh [core] [--json FILE] [--trace FILE] [--only PART]: the core's workloads, natively and under Node.
# The builds must be configured (./dev bench does that). --trace takes the .json.gz of an editing trace.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
[ "${1:-core}" != core ] || shift $(($# > 0 ? 1 : 0))

json="" trace="" options=()
while [ $# -ge 2 ]; do
  case "$1" in
    --json) json=$2 ;;
    --trace) trace=$2 ;;
    --only) options+=(--only "$2") ;;
    *) echo "bench/run.sh [core] [--json FILE] [--trace FILE] [--only PART]" >&2; exit 2 ;;
  esac
  shift 2
done

folder=build/bench
mkdir -p "$folder"
if [ -n "$trace" ]; then
  python3 bench/trace.py "$trace" "$folder/trace.bin"
  options+=(--trace "$folder/trace.bin")
fi
ninja -C build/release bench_core >"$folder/native.log" || { cat "$folder/native.log"; exit 1; }
ninja -C build/wasm bench_core >"$folder/wasm.log" || { cat "$folder/wasm.log"; exit 1; }

status=0
echo "== native"
build/release/bench/bench_core --json "$folder/native.json" "${options[@]}" || status=1
echo "== wasm"
node --stack-size=8000 build/wasm/bench/bench_core.js --json "$folder/wasm.json" "${options[@]}" || status=1
if [ -n "$json" ]; then
  { echo "["; cat "$folder/native.json"; echo ","; cat "$folder/wasm.json"; echo "]"; } >"$json"
fi
exit $status
