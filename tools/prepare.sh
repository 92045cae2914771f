# Shared by tools/demo and tools/test (sourced): where the project is, and which Debian packages are missing.
set -euo pipefail
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$top"

# Jobs: one per processor.
jobs=$(nproc 2>/dev/null || echo 2)

# Installs the Debian packages named, if any is missing; silent and without network when none is.
install_missing() {
  local missing=() package
  if ! command -v dpkg-query >/dev/null; then
    echo "This is not Debian: please provide the equivalents of: $*" >&2
    return 0
  fi
  for package in "$@"; do
    [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null || true)" = installed ] || missing+=("$package")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  local as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null; then
      echo "Missing packages: ${missing[*]}. Run this as root, or install them first." >&2
      exit 1
    fi
    as_root=(sudo)
  fi
  echo "Installing: ${missing[*]}" >&2
  local log
  log=$(mktemp)
  if ! { "${as_root[@]}" apt-get update -qq &&
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"; } \
    >"$log" 2>&1 </dev/null; then
    cat "$log" >&2
    rm -f "$log"
    echo "Installing failed." >&2
    exit 1
  fi
  rm -f "$log"
}

# Configures and builds a preset; the compiler's output is shown only when something fails.
build() {
  local preset=$1
  shift
  mkdir -p build
  local log="build/$preset.log"
  if ! { cmake --preset "$preset" && cmake --build --preset "$preset" -j "$jobs" "$@"; } >"$log" 2>&1; then
    tail -n 60 "$log" >&2
    echo "Building $preset failed; the whole log is $log" >&2
    return 1
  fi
}

# Under sudo, what was built and written belongs to the person who called.
give_back() {
  if [ "$(id -u)" -eq 0 ] && [ -n "${SUDO_UID:-}" ]; then
    local made
    for made in build out; do
      [ ! -e "$top/$made" ] || chown -R "$SUDO_UID:${SUDO_GID:-$SUDO_UID}" "$top/$made"
    done
  fi
}
trap give_back EXIT

tools_packages=(cmake g++ ninja-build libeigen3-dev libtomlplusplus-dev nlohmann-json3-dev libbullet-dev
  libtbb-dev libhdf5-dev libboost-dev libopenmpi-dev
  pkg-config libimgui-dev libglfw3-dev libepoxy-dev libegl-dev libegl-mesa0 libgl1-mesa-dri libstb-dev)
