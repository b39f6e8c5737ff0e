# One test step: a command with its log, its time and its counts. The counts come from the runner's own report file
# (tools/dev/count.py reads it); a command that fails without a failed test in its report counts as one failure.

STEPS_PASSED=0
STEPS_FAILED=0
STEPS_DIR=build/steps

say_step() {
  printf '%-34s %s\n' "$1" "$2"
}

seconds_since() {
  local tenths=$((($(date +%s%N) - $1) / 100000000))
  printf '%d.%d s' $((tenths / 10)) $((tenths % 10))
}

# step NAME FORMAT COMMAND...: the word REPORT in the command becomes the path of the report file.
# FORMAT: catch, vitest, counts, or exit (no report: the command is one test).
step() {
  local name=$1 format=$2 status=0 began passed failed report log
  shift 2
  mkdir -p "$STEPS_DIR"
  report="$PWD/$STEPS_DIR/$name.report" log="$STEPS_DIR/$name.log"
  rm -f "$report"
  began=$(date +%s%N)
  "${@//REPORT/$report}" >"$log" 2>&1 || status=$?
  read -r passed failed < <(python3 tools/dev/count.py "$format" "$report" "$status")
  STEPS_PASSED=$((STEPS_PASSED + passed))
  STEPS_FAILED=$((STEPS_FAILED + failed))
  say_step "$name" "$passed passed, $failed failed ($(seconds_since "$began"))"
  [ "$failed" = 0 ] || { echo "--- the end of $log:"; tail -n 40 "$log"; echo '---'; }
}

# work NAME COMMAND...: something that must succeed before tests make sense; a failure is one failed test.
work() {
  local name=$1 began log="$STEPS_DIR/$1.log"
  shift
  mkdir -p "$STEPS_DIR"
  began=$(date +%s%N)
  if "$@" >"$log" 2>&1; then
    say_step "$name" "done ($(seconds_since "$began"))"
  else
    STEPS_FAILED=$((STEPS_FAILED + 1))
    say_step "$name" "FAILED ($(seconds_since "$began"))"
    echo "--- the end of $log:"
    tail -n 40 "$log"
    echo '---'
    return 1
  fi
}

# The last line of a test run.
finish_steps() {
  echo "$STEPS_PASSED passed, $STEPS_FAILED failed"
  [ "$STEPS_FAILED" = 0 ] && [ "$STEPS_PASSED" -gt 0 ]
}
