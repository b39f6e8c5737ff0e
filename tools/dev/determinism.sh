# The same bits from every build: digests of all law vectors, a million numbers, 200 simulated worlds. g++ and
# WebAssembly in ./dev test; g++ -O0, g++ -O3, clang, WebAssembly under Node and in Chromium in ./dev determinism, which
# ./dev proof runs.

# Presets whose native programs are compared: g++ -O0, g++ -O3, clang -O2.
DETERMINISM_PRESETS="plain release clang"

# Worlds of this run's seed; those without a disk are the ones that WebAssembly can have.
SIM_HASHES="--hashes --seeds 200 --from $((SEED * 1000))"

# same_bits REPORT COMMAND...: all print the same. A command is one word, as for a shell.
same_bits() {
  local report=$1
  shift
  python3 tests/wasm/same_bits.py --counts "$report" "$@"
}

# Whoever has more programs that print hashes names them here: a line `NAME PROGRAM [ARGUMENT...]` each, PROGRAM as the
# builds name it in their tests folder. Natively it is run as it is, in WebAssembly as PROGRAM.js.
hash_programs() {
  echo "numbers numeric_hash"
  echo "digests digests --all $(vector_files | tr '\n' ' ')"
  echo "simulator sim $SIM_HASHES --without-disk"
}

# The command of a program in a build.
program_of() {
  local preset=$1 program=$2
  shift 2
  if [ "$preset" = wasm ]; then
    echo "$NODE build/wasm/tests/$program.js $*"
  else
    echo "build/$preset/tests/$program $*"
  fi
}

# same_bits_steps PRESET...
same_bits_steps() {
  local name program arguments preset commands
  while read -r name program arguments; do
    commands=()
    for preset in "$@"; do commands+=("$(program_of "$preset" "$program" "$arguments")"); done
    step "$name, the same bits" counts same_bits REPORT "${commands[@]}" </dev/null
  done < <(hash_programs)
}

determinism_steps() {
  local preset files with_disk=()
  for preset in $DETERMINISM_PRESETS; do
    # shellcheck disable=SC2046
    work "build with $preset" build "$preset" $(hash_programs | cut -d ' ' -f 2) || return 1
  done
  # shellcheck disable=SC2086
  same_bits_steps $DETERMINISM_PRESETS wasm
  files=$(vector_files | tr '\n' ' ')
  step "digests, Node and Chromium" counts same_bits REPORT "build/release/tests/digests $files" \
    "node tests/determinism/digests.mjs $files" "node tests/determinism/digests.mjs --chromium $files"
  step "simulator, Chromium" counts same_bits REPORT "build/release/tests/sim $SIM_HASHES --without-disk" \
    "node tests/determinism/in_chromium.mjs build/wasm/tests/sim.js $SIM_HASHES --without-disk"
  for preset in $DETERMINISM_PRESETS; do with_disk+=("$(program_of "$preset" sim "$SIM_HASHES")"); done
  step "simulator with disks" counts same_bits REPORT "${with_disk[@]}"
}

dev_determinism() {
  install_native
  install_checks
  install_wasm
  install_npm
  install_browser
  # shellcheck disable=SC2046
  work "build WebAssembly" build wasm vuer_rtc_wasm $(hash_programs | cut -d ' ' -f 2) || return 1
  work "build the npm package" build_js || return 1
  determinism_steps
  finish_steps
}
