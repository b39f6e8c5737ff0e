# The packed npm package where people use it: the examples, and bundlers that are too large for ./dev test.

# install_by_lock FOLDER HASH: what its lock names, once for each hash. npm ci would want an entry for the programs of
# every other system, too.
install_by_lock() {
  local stamp=$1/node_modules/.dev-stamp
  [ "$(cat "$stamp" 2>/dev/null)" != "$2" ] || return 0
  # what is not looked at would stay: another tarball of the same version
  rm -rf "$1"/node_modules/{@vuer-ai,.package-lock.json} "$1"/*/node_modules/.vite
  npm install --prefix "$1" --no-save --no-audit --no-fund --loglevel=error || return 1
  echo "$2" >"$stamp"
}

install_bundlers() {
  install_by_lock e2e/packaging/bundlers "$(sha256sum <e2e/packaging/bundlers/package-lock.json | cut -c1-64)"
}

# The examples use the tarball that people would get.
install_examples() {
  local packed
  mkdir -p build/package
  packed=$(npm pack --silent --ignore-scripts --workspace js-bindings --pack-destination build/package | tail -n 1) || return 1
  mv "build/package/$packed" build/package/vuer-rtc.tgz
  install_by_lock examples "$(cat examples/package-lock.json build/package/vuer-rtc.tgz | sha256sum | cut -c1-64)"
}

# What ./dev proof package runs.
proof_package() {
  work "build the server" build dev vuer-rtc-server || return 1
  work "build WebAssembly" build wasm vuer_rtc_wasm || return 1
  work "build the npm package" build_js || return 1
  work "install the bundlers" install_bundlers || return 1
  step "packaging" counts env RTC_COUNTS=REPORT node e2e/run.mjs e2e/packaging/bundlers.proof.mjs
  step "tab killed 500 times" counts env KILLS=500 RTC_COUNTS=REPORT node e2e/run.mjs e2e/browser/kills.test.mjs
}

# ./dev example NAME: one of examples/, with the server that it talks to.
dev_example() {
  case "${1:-}" in
    scene | text | todo | node) ;;
    *) echo "./dev example scene|text|todo|node" >&2; return 2 ;;
  esac
  install_native
  install_wasm
  install_npm
  build release vuer-rtc-server
  build wasm vuer_rtc_wasm
  build_js
  install_examples
  export VUER_RTC_SERVER=$PWD/build/release/server/vuer-rtc-server
  exec npm start --silent --prefix examples --workspace "$1"
}
