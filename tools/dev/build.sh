# Building by preset. emcc needs acorn at link time and finds it only through NODE_PATH.

JOBS=${JOBS:-$(nproc)}

node_path() {
  dirname "$(dirname "$(dpkg -L node-acorn | grep '/acorn/package.json$' | head -1)")"
}

# build PRESET [TARGET...]: configures when that was not done yet, then builds.
build() {
  local preset=$1
  shift
  if [ "$preset" = wasm ]; then
    NODE_PATH=$(node_path)
    export NODE_PATH
  fi
  if [ ! -f "build/$preset/build.ninja" ]; then
    cmake --preset "$preset" >"build-$preset.log" 2>&1 || { cat "build-$preset.log"; return 1; }
    mv "build-$preset.log" "build/$preset/configure.log"
  fi
  ninja -C "build/$preset" -j "$JOBS" "$@"
}

# has_target PRESET TARGET: is there such a target?
has_target() {
  ninja -C "build/$1" -t query "$2" >/dev/null 2>&1
}

# A hash over all sources that the named folders and files hold; what a build puts among them is none.
hash_of() {
  find "$@" -type f -not -path '*/node_modules/*' -not -path '*/dist/*' -not -path 'js-bindings/LICENSE' \
    -print0 2>/dev/null | sort -z | xargs -0 sha256sum | sha256sum | cut -c1-64
}

# The npm package out of the WebAssembly build; rebuilt when its sources or the core changed.
build_js() {
  [ -f js-bindings/package.json ] || return 0
  local stamp=build/js.stamp hash
  hash=$(hash_of core wasm js-bindings CMakePresets.json package-lock.json)
  [ "$(cat "$stamp" 2>/dev/null)" = "$hash" ] && return 0
  npm run --silent build --workspace js-bindings
  echo "$hash" >"$stamp"
}

build_demo() {
  [ -f demo/package.json ] || return 0
  npm run --silent build --workspace demo
}
