# ./dev test: everything that can be had within half an hour on two cores. A step whose subject does not exist in the
# tree is not listed.

# All random choices of a run come from this; tests that choose for themselves read it, too.
export SEED=${SEED:-$(($(date +%s) % 1000000))}
FUZZ_SECONDS=${FUZZ_SECONDS:-30}
DIFFER_COUNT=${DIFFER_COUNT:-2002}
REPLICAS_DOCUMENTS=${REPLICAS_DOCUMENTS:-143}  # of 2,100 ops each: 300,000
SIM_SEEDS=${SIM_SEEDS:-300}

NODE="node --stack-size=8000"

install_for_tests() {
  install_native
  install_checks
  install_peers
  install_wasm
  install_node
  install_npm
  if [ -d e2e ]; then install_browser && install_foreign_clients; fi
}

build_for_tests() {
  work "build native" build dev || return 1
  work "build the bench" build dev bench_core || return 1
  work "build WebAssembly" build wasm || return 1
  work "build the npm package" build_js || return 1
  work "build the demo" build_demo || return 1
  work "install the examples" install_examples || return 1
  work "build with sanitizers" build asan hostile_tests yjs_tests table_tests || return 1
  work "build the fuzzers" build fuzz || return 1
}

core_steps() {
  step "core, native" catch build/dev/tests/core_tests -r xml -o REPORT
  step "core, WebAssembly" catch $NODE build/wasm/tests/core_tests.js -r xml -o REPORT
  if has_target dev server_tests; then
    step "server" catch build/dev/tests/server_tests -r xml -o REPORT
    step "faults of the disk" counts build/dev/tests/disk_faults --counts REPORT
  fi
  step "yjs" catch build/dev/tests/yjs_tests -r xml -o REPORT
  step "tables" catch build/dev/tests/table_tests -r xml -o REPORT
  step "out of memory, native" exit build/dev/tests/out_of_memory
  step "out of memory, WebAssembly" exit $NODE build/wasm/tests/out_of_memory.js
  step "heap caps, native" exit build/dev/tests/heap_caps --steps 12
  step "heap caps, WebAssembly" exit $NODE build/wasm/tests/heap_caps.js --steps 6
  same_bits_steps dev wasm
}

law_steps() {
  local runtime
  for runtime in $(runtimes); do
    step "vectors, $runtime" counts run_vectors "$runtime" REPORT $(vector_files)
  done
  echo "fresh scenarios: again with ./dev differ --seed $SEED --count $DIFFER_COUNT"
  step "differ" counts differ_with REPORT --seed "$SEED" --count "$DIFFER_COUNT"
  if has_target dev replicas; then
    step "replicas" counts python3 tests/replicas/replicas.py --binary build/dev/tests/replicas \
      --wasm "$(runner_of wasm)" --seed "$SEED" --documents "$REPLICAS_DOCUMENTS" --counts REPORT
  fi
  if has_target dev sim; then
    step "simulator" counts python3 tests/sim/sim.py --binary build/dev/tests/sim \
      --seeds "$SIM_SEEDS" --from "$((SEED * 1000))" --model 30 --canaries --counts REPORT
  fi
}

hostile_steps() {
  step "hostile bytes, sanitized" catch build/asan/tests/hostile_tests -r xml -o REPORT
  step "yjs, sanitized" catch build/asan/tests/yjs_tests -r xml -o REPORT
  step "tables, sanitized" catch env HISTORIES=60 build/asan/tests/table_tests -r xml -o REPORT
  smoke_steps
  fuzz_steps "$FUZZ_SECONDS"
}

outer_steps() {
  step "tidy" counts python3 tests/tidy/tidy.py --counts REPORT
  step "bench, its own tools" counts node bench/self_test.mjs build/dev/bench/bench_core REPORT
  if [ -f js-bindings/package.json ]; then
    step "npm package" vitest npm test --silent --workspace js-bindings -- --reporter=json --outputFile=REPORT
    step "reference pages" exit npm run --silent docs --workspace js-bindings
  fi
  if [ -f demo/package.json ]; then
    step "demo" vitest npm test --silent --workspace demo -- --reporter=json --outputFile=REPORT
  fi
  if [ -f e2e/package.json ]; then
    step "frames" counts python3 tests/server/frames.py --binary build/dev/server/vuer-rtc-server --counts REPORT
    step "names of rooms" counts env VUER_RTC_THREADS=3 python3 tests/server/rooms.py --binary build/dev/server/vuer-rtc-server --counts REPORT
    step "metrics" counts /usr/bin/python3 tests/server/metrics.py --binary build/dev/server/vuer-rtc-server --counts REPORT
    step "image and unit, without an engine" counts python3 deploy/try.py --binary build/dev/server/vuer-rtc-server --counts REPORT
    step "floods" counts python3 tests/server/floods.py --binary build/dev/server/vuer-rtc-server --counts REPORT
    step "idle connections" counts node bench/server/run.mjs --quick --only idle --systems server --build dev --counts REPORT
    step "soak" counts node bench/server/run.mjs --quick --only soak --systems server --build dev --counts REPORT
    step "kills" counts node tests/faults/kills.mjs --kills 50 --seed "${SEED:-$(($(date +%s) % 100000))}" --counts REPORT
    step "kills, tables" counts node tests/faults/kills.mjs --protocol table --kills 10 --seed "$SEED" --counts REPORT
    step "reconnect storm" counts env VUER_RTC_THREADS=3 node tests/faults/storm.mjs --clients 500 --counts REPORT
    step "200 clients come back" counts node tests/faults/reconnect.mjs --counts REPORT
    step "wrong clocks" counts node tests/faults/clocks.mjs --seed "$SEED" --counts REPORT
    step "slow readers" counts env VUER_RTC_THREADS=2 node tests/faults/slow.mjs --noise 200 --counts REPORT
    step "end to end" counts env RTC_COUNTS=REPORT npm test --silent --workspace e2e
  fi
}

run_tests() {
  local began
  began=$(date +%s%N)
  echo "seed $SEED, again with SEED=$SEED ./dev test"
  install_for_tests
  if build_for_tests; then
    core_steps
    law_steps
    hostile_steps
    outer_steps
  fi
  echo "whole run: $(seconds_since "$began")"
  finish_steps
}
