# The packed npm package in what people build with: bundlers that are too large for ./dev test.

# By the lock, but not with npm ci: that wants an entry for programs of every other system, too.
install_bundlers() {
  local folder=e2e/packaging/bundlers stamp hash
  stamp=$folder/node_modules/.dev-stamp
  hash=$(sha256sum <"$folder/package-lock.json" | cut -c1-64)
  [ "$(cat "$stamp" 2>/dev/null)" != "$hash" ] || return 0
  npm install --prefix "$folder" --no-save --no-audit --no-fund --loglevel=error
  echo "$hash" >"$stamp"
}

packaging_steps() {
  work "install the bundlers" install_bundlers || return 1
  step "packaging" counts env RTC_COUNTS=REPORT node e2e/run.mjs e2e/packaging/bundlers.proof.mjs
}
