# What the project needs from the system and from npm. Three groups of Debian packages are kept apart, since most
# machines need only the first: native build, WebAssembly, browser tests. Each says what it installs before it does.

NATIVE_PACKAGES="g++ cmake ninja-build ccache python3 git libboost1.81-dev nlohmann-json3-dev catch2 libssl-dev libsqlite3-dev"
PEER_PACKAGES="python3-prometheus-client python3-websockets python3-wsproto faketime"
CHECK_PACKAGES="clang-14 clang-format-14 libclang-rt-14-dev"
WASM_PACKAGES="emscripten node-acorn"
BROWSER_PACKAGES="chromium"
NODE_MAJOR=20

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

missing_packages() {
  local package
  for package in "$@"; do
    dpkg-query -W -f='${Status}\n' "$package" 2>/dev/null | grep -q '^install ok installed$' || echo "$package"
  done
}

install_packages() {
  local group=$1 missing
  shift
  missing=$(missing_packages "$@" | tr '\n' ' ')
  [ -n "$missing" ] || return 0
  echo "installing for $group (apt-get): $missing"
  as_root apt-get update -qq
  # shellcheck disable=SC2086
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
}

install_native() { install_packages "the native build" $NATIVE_PACKAGES; }
install_checks() { install_packages "formatting and fuzzing" $CHECK_PACKAGES; }
install_peers() { install_packages "tests with readers and clocks made by others" $PEER_PACKAGES; }
install_wasm() { install_packages "WebAssembly" $WASM_PACKAGES; }

install_browser() {
  command -v chromium >/dev/null || install_packages "browser tests" $BROWSER_PACKAGES
}

# Node of the system when it is new enough, else one from npm, kept inside the project.
install_node() {
  local local_bin="$PWD/.cache/node/node_modules/node/bin" major
  command -v node >/dev/null && command -v npm >/dev/null || install_packages "JavaScript" nodejs npm
  major=$(node -p 'process.versions.node.split(".")[0]')
  [ "$major" -lt "$NODE_MAJOR" ] || return 0
  if [ ! -x "$local_bin/node" ]; then
    echo "installing for JavaScript (npm, into .cache/node): node@$NODE_MAJOR"
    npm install --silent --no-audit --no-fund --prefix .cache/node "node@$NODE_MAJOR"
  fi
  export PATH="$local_bin:$PATH"
}

# npm packages by the lock file; nothing to do when the last run had the same lock file.
install_npm() {
  install_node
  local stamp=node_modules/.dev-stamp hash
  hash=$(sha256sum package.json package-lock.json | sha256sum | cut -c1-64)
  [ "$(cat "$stamp" 2>/dev/null)" = "$hash" ] && return 0
  echo "installing for JavaScript (npm ci): what package-lock.json names"
  npm ci --no-audit --no-fund --loglevel=error
  echo "$hash" >"$stamp"
}

# install_locked FOLDER [FLAG...]: packages of a lock file of their own, which nothing else needs.
install_locked() {
  local folder=$1 stamp=$1/node_modules/.dev-stamp hash
  shift
  hash=$(sha256sum <"$folder/package-lock.json" | cut -c1-64)
  [ "$(cat "$stamp" 2>/dev/null)" != "$hash" ] || return 0
  echo "installing (npm ci): what $folder/package-lock.json names"
  npm ci --prefix "$folder" --no-audit --no-fund --loglevel=error "$@"
  echo "$hash" >"$stamp"
}

# Clients that nobody here wrote; their server halves, which would be compiled, are not used.
install_foreign_clients() {
  install_locked e2e/yjs/clients --ignore-scripts
  install_locked e2e/table/clients --ignore-scripts
}
