# The commands of every day: one test, vectors, fresh scenarios, benchmarks, format, tidy; and the long proof.

# The runtimes that can run vectors in this tree.
runtimes() {
  echo "native wasm"
  if [ -f js-bindings/package.json ]; then echo npm; fi
}

runner_of() {
  case "$1" in
    native) echo "build/dev/tests/vector_runner" ;;
    wasm) echo "node --stack-size=8000 build/wasm/tests/vector_runner.js" ;;
    npm) echo "node tests/vectors/runner.mjs" ;;
  esac
}

# The vectors of the law, and the scenarios that failed once.
vector_files() {
  find tests/vectors tests/fuzz/regressions -name '*.jsonl' | sort
}

# run_vectors RUNTIME REPORT FILE...
run_vectors() {
  local runtime=$1 report=$2
  shift 2
  # shellcheck disable=SC2046
  $(runner_of "$runtime") --json "$report" "$@"
}

build_runners() {
  install_native
  install_wasm
  install_npm
  build dev vector_runner
  build wasm vector_runner
  build_js
}

dev_vectors() {
  local runtime status=0
  [ $# -gt 0 ] || { echo "./dev vectors FILE..." >&2; return 2; }
  build_runners >/dev/null
  for runtime in $(runtimes); do
    echo "== $runtime"
    run_vectors "$runtime" "build/vectors-$runtime.json" "$@" || status=1
  done
  return $status
}

# differ_with REPORT --seed N --count M
differ_with() {
  local report=$1 runtime runners=()
  shift
  for runtime in $(runtimes); do
    runners+=(--runner "$runtime=$(runner_of "$runtime")")
  done
  python3 tests/vectors/differ.py "${runners[@]}" --counts "$report" "$@"
}

dev_differ() {
  build_runners >/dev/null
  differ_with build/differ.json "$@"
}

# Many seeds in two processes, or one with its trace.
dev_sim() {
  install_native
  build dev sim >build/sim-build.log || { cat build/sim-build.log; return 1; }
  case " $* " in
    *" --seed "*) build/dev/tests/sim "$@" ;;
    *) python3 tests/sim/sim.py --binary build/dev/tests/sim "$@" ;;
  esac
}

dev_one() {
  local name=$1 binary status=0
  install_native
  build dev
  for binary in build/dev/tests/core_tests build/dev/tests/server_tests; do
    [ ! -x "$binary" ] || "$binary" "*$name*" || status=1
  done
  return $status
}

build_peers() {
  install_locked bench/peers
  if command -v cargo >/dev/null; then
    cargo build --release --locked --quiet --manifest-path bench/peers/native/Cargo.toml --target-dir build/bench/cargo
  else
    echo "cargo is missing: the peers in Rust are not measured"
  fi
}

# The server and the peers it is measured beside; each on one core, the load client on another.
bench_server() {
  install_native
  install_npm
  build release vuer-rtc-server
  install_locked bench/server/peers
  node bench/server/run.mjs "$@"
}

dev_bench() {
  if [ "${1:-}" = server ]; then
    shift
    bench_server "$@"
    return
  fi
  install_native
  install_wasm
  install_npm
  install_browser
  build release bench_core
  build wasm vuer_rtc_wasm
  build_js
  build_peers
  node bench/run.mjs "$@"
}

dev_format() {
  install_checks
  python3 tests/tidy/tidy.py --list-formatted | xargs clang-format-14 -i
}

dev_tidy() {
  install_checks
  python3 tests/tidy/tidy.py
}

# live_server PRESET: the tests of the running server against a sanitized one with two event loops, whatever the machine
# has; a report of the sanitizer fails them.
live_server() {
  step "live server, $1" exit sanitized_server "$1"
}

sanitized_server() {
  local reports="$PWD/build/$1/reports"
  rm -rf "$reports" && mkdir -p "$reports"
  RTC_BUILD="build/$1" VUER_RTC_THREADS=2 ASAN_OPTIONS="log_path=$reports/asan" UBSAN_OPTIONS="log_path=$reports/ubsan" \
    TSAN_OPTIONS="log_path=$reports/tsan" node --test e2e/server/*.test.mjs \
    e2e/yjs/{sessions,limits}.test.mjs e2e/table/protocol.test.mjs || return 1
  [ -z "$(ls "$reports")" ] || { cat "$reports"/*; return 1; }
}

# dev_proof [core|package|server|fuzz|load|all]: longer than ./dev test has time for. Each part is one sitting and builds what it
# needs.
dev_proof() {
  local part=${1:-all}
  case "$part" in core | package | server | fuzz | load | all) ;; *) usage >&2; return 2 ;; esac
  echo "seed $SEED, again with SEED=$SEED ./dev proof $part"
  install_for_tests
  if [ "$part" = all ]; then
    for part in core package server fuzz load; do "proof_$part" || true; done
  else
    "proof_$part" || true
  fi
  finish_steps
}

# The core: sanitized, with many fresh scenarios, the same bits everywhere.
proof_core() {
  build_for_tests || return 1
  work "build the core with sanitizers" build asan core_tests hostile_tests vector_runner || return 1
  step "core, sanitized" catch build/asan/tests/core_tests -r xml -o REPORT
  step "hostile, every value, sanitized" catch env RTC_ALL_BYTES=1 build/asan/tests/hostile_tests -r xml -o REPORT
  step "vectors, sanitized" counts build/asan/tests/vector_runner --json REPORT $(vector_files)
  step "differ, 7000 scenarios" counts differ_with REPORT --seed "$SEED" --count 7000
  step "replicas, 10 million ops" counts python3 tests/replicas/replicas.py --binary build/dev/tests/replicas \
    --wasm "$(runner_of wasm)" --seed "$SEED" --documents 4800 --keep-every 16 --folder build/replicas-long --counts REPORT
  determinism_steps
}

# The server: sanitized and looked at for data races, alone and running; many simulated worlds, kills and broken disks.
proof_server() {
  work "build native" build dev || return 1
  work "build the server with sanitizers" build asan server_tests vuer-rtc-server || return 1
  step "server, sanitized" catch build/asan/tests/server_tests -r xml -o REPORT
  live_server asan
  work "build the server for data races" build tsan server_tests vuer-rtc-server e2e_client || return 1
  step "server, data races" catch build/tsan/tests/server_tests -r xml -o REPORT
  live_server tsan
  work "build the simulator, optimised" build release sim || return 1
  step "simulator, 10000 seeds" counts python3 tests/sim/sim.py --binary build/release/tests/sim \
    --seeds 10000 --from "$((SEED * 1000))" --model 300 --counts REPORT
  work "build the faults, optimised" build release disk_faults vuer-rtc-server e2e_client || return 1
  step "faults of the disk, all" counts build/release/tests/disk_faults --long --counts REPORT
  step "tables, 200 kills" counts env RTC_BUILD=build/release node tests/faults/kills.mjs --protocol table --kills 200 \
    --seed "$SEED" --counts REPORT
  step "tables, 6000 histories" catch env HISTORIES=6000 build/dev/tests/table_tests "histories*" -r xml -o REPORT
  step "tables, 200 histories of cr-sqlite" counts env RTC_BUILD=build/release HISTORIES=200 RTC_COUNTS=REPORT \
    node e2e/run.mjs e2e/table/crsqlite.test.mjs
  step "yjs, 200 kills" counts env RTC_BUILD=build/release KILLS=200 RTC_COUNTS=REPORT \
    node e2e/run.mjs e2e/yjs/durable.test.mjs
  step "yjs, a slow line and a lone client" counts env RTC_BUILD=build/release node tests/faults/patience.mjs --counts REPORT
  step "1000 kills" counts env RTC_BUILD=build/release node tests/faults/kills.mjs --kills 1000 --seed "$SEED" --counts REPORT
  step "image, built from its Dockerfile" counts python3 deploy/try.py --counts REPORT
}

proof_fuzz() {
  work "build the fuzzers" build fuzz || return 1
  fuzz_steps "${PROOF_FUZZ_SECONDS:-600}"
}

# Load on the server, and what crowds do to it. Its figures want a quiet machine.
proof_load() {
  work "build the server, optimised" build release vuer-rtc-server || return 1
  work "install the bench's peers" install_locked bench/server/peers || return 1
  step "reconnect storm of 5000" counts env RTC_BUILD=build/release node tests/faults/storm.mjs --clients 5000 --counts REPORT
  step "50 slow readers of 500" counts env RTC_BUILD=build/release node tests/faults/slow.mjs --rooms 50 --rate 100 \
    --seconds 60 --counts REPORT
  step "load on the server" counts node bench/server/run.mjs --counts REPORT
}

dev_checklist() {
  install_native
  install_node
  install_npm
  install_browser
  install_foreign_clients
  build dev yjs_tests table_tests server_tests vuer-rtc-server
  step "yjs" catch build/dev/tests/yjs_tests -r xml -o REPORT
  step "server" catch build/dev/tests/server_tests -r xml -o REPORT
  step "yjs clients" counts env RTC_COUNTS=REPORT node e2e/run.mjs e2e/yjs/*.test.mjs
  step "tables" catch build/dev/tests/table_tests -r xml -o REPORT
  step "table clients" counts env RTC_COUNTS=REPORT node e2e/run.mjs e2e/table/*.test.mjs
  python3 tools/dev/checklist.py tests/checklist/yjs.txt build/steps/yjs.report build/steps/server.report \
    "build/steps/yjs clients.report"
  python3 tools/dev/checklist.py tests/checklist/table.txt build/steps/tables.report build/steps/server.report \
    "build/steps/table clients.report"
}
