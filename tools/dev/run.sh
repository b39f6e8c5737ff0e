# ./dev run: everything a visitor needs, then the server in the foreground. When no source changed since the last
# start, nothing is asked of apt, npm or ninja.

RUN_STAMP=build/run.stamp
RUN_SOURCES="core wasm server js-bindings demo CMakeLists.txt CMakePresets.json package.json package-lock.json"

prepare_run() {
  echo "building: server (release), WebAssembly, npm package, demo"
  install_native
  install_wasm
  install_npm
  mkdir -p build
  build release vuer-rtc-server
  build wasm vuer_rtc_wasm
  build_js
  build_demo
}

run_server() {
  local hash
  # shellcheck disable=SC2086
  hash=$(hash_of $RUN_SOURCES)
  if [ "$(cat "$RUN_STAMP" 2>/dev/null)" != "$hash" ] || [ ! -f demo/dist/index.html ]; then
    prepare_run
    echo "$hash" >"$RUN_STAMP"
  fi
  echo "http://127.0.0.1:8080/"
  exec build/release/server/vuer-rtc-server --host 127.0.0.1 --port 8080 --database sqlite:vuer-rtc.db \
    --static demo/dist "$@"
}
