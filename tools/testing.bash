# What the tools that test on other machines share; they source it: saying things, being root, installing Debian's packages.
tool=$(basename "$0")

say() { printf '%s: %s\n' "$tool" "$*"; }
fail() { printf '%s: error: %s\n' "$tool" "$*" >&2; exit 1; }

# What cannot be tested here: a line and exit status 77, or a failure where CI is set.
skip() {
    [ -z "${CI:-}" ] || fail "$* (a failure, because CI is set)"
    say "skipped: $*"
    exit 77
}

can_be_root() { [ "$(id -u)" = 0 ] || { command -v sudo >/dev/null && sudo -n true 2>/dev/null; }; }

as_root() {
    can_be_root || skip "root, or sudo without a password, is needed for: $*"
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

# Installs those of these packages that are not there.
install_packages() {
    local missing=()
    command -v apt-get >/dev/null || skip "Debian's packages are needed ($*), and there is no apt-get here"
    for package in "$@"; do
        dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing+=("$package")
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    say "installing ${missing[*]}"
    as_root apt-get update -qq || skip "apt-get update failed"
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null \
        || skip "these packages cannot be installed: ${missing[*]}"
}
