# Fuzzing: one target per entrance of untrusted bytes (tests/fuzz). The same targets run without a fuzzer as fuzz_smoke;
# the canary has a planted fault, and both ways must find it.

FUZZ_TARGETS="message snapshot ops text calls record frame target jwt yjs table socket"
FINDINGS=tests/fuzz/regressions

# First inputs, out of the law vectors; the same ones every time.
seed_fuzzers() {
  local preset=$1 hash
  hash=$(hash_of tests/vectors tests/fuzz/seeds.cpp)
  [ "$(cat build/seeds.stamp 2>/dev/null)" != "$hash" ] || return 0
  rm -rf build/seeds
  "build/$preset/tests/fuzz/fuzz_seeds" build/seeds tests/vectors/law-*.jsonl && echo "$hash" >build/seeds.stamp
}

# fuzz_one TARGET SECONDS: the findings of earlier runs first, then new inputs.
fuzz_one() {
  local target=$1 seconds=$2 binary="build/fuzz/tests/fuzz/fuzz_$1" known
  mkdir -p "build/corpus/$target" "build/seeds/$target"
  known=$(find "$FINDINGS" -name "$target-*" ! -name '*.jsonl' | sort)
  # shellcheck disable=SC2086
  [ -z "$known" ] || "$binary" $known || return 1
  "$binary" -max_total_time="$seconds" -max_len=4096 -timeout=10 -rss_limit_mb=2048 \
    -artifact_prefix="$FINDINGS/$target-" "build/corpus/$target" "build/seeds/$target"
}

# fuzz_pair SECONDS TARGET TARGET: side by side, for two processors.
fuzz_pair() {
  local seconds=$1 target jobs=() status=0
  shift
  for target in "$@"; do
    fuzz_one "$target" "$seconds" >"build/steps/fuzz $target.log" 2>&1 &
    jobs+=($!)
  done
  for target in "${!jobs[@]}"; do wait "${jobs[$target]}" || status=1; done
  for target in "$@"; do tail -n 15 "build/steps/fuzz $target.log"; done
  return $status
}

# finds_canary COMMAND...: the command must end with the law that the canary breaks.
finds_canary() {
  local log=build/steps/canary.log
  ! timeout 60 "$@" >"$log" 2>&1 && grep -q '^broken law: an error changes nothing' "$log"
}

# fuzz_steps SECONDS
fuzz_steps() {
  local seconds=$1
  seed_fuzzers fuzz
  step "fuzz canary" exit finds_canary build/fuzz/tests/fuzz/fuzz_canary -max_total_time=50 -artifact_prefix=build/steps/
  # shellcheck disable=SC2086
  set -- $FUZZ_TARGETS
  while [ $# -gt 0 ]; do
    step "fuzz $1 ${2:-}" exit fuzz_pair "$seconds" "${@:1:2}"
    shift $(($# > 1 ? 2 : 1))
  done
}

# Every target without a fuzzer: known findings, seeds and some mutations of both.
smoke_steps() {
  seed_fuzzers dev
  step "fuzz smoke" exit build/dev/tests/fuzz/fuzz_smoke --seed "$SEED" --count 300 --keep "$FINDINGS" "$FINDINGS" build/seeds
  step "fuzz smoke canary" exit finds_canary build/dev/tests/fuzz/fuzz_smoke --seed "$SEED" --count 5000 --target canary "$FINDINGS"
}

dev_fuzz() {
  local only=${1:-$FUZZ_TARGETS} seconds=${2:-60} target
  install_native
  install_checks
  build fuzz
  seed_fuzzers fuzz
  for target in $only; do
    fuzz_one "$target" "$seconds"
  done
}
