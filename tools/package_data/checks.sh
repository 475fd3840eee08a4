# The tests of tools/package-test, which has `inside`, `check`, `finds`, `lacks` and `not`.
# shellcheck shell=bash disable=SC2154 # leader and deb are its too

SOCKET=/run/aurald.sock

# Names of all files; not of what Debian's own tools and systemd write meanwhile.
files() {
    inside find / -xdev \( -path /tmp -o -path /run -o -path /var/log -o -path /var/cache/apt -o -path /var/lib/apt \) -prune -o -print |
        grep -vE '^/var/lib/dpkg/[a-z]+-old$|^/var/(cache/(man|debconf|ldconfig)|lib/systemd/(catalog|timers|random-seed))(/|$)' | sort
}

apt() { inside apt-get -y -qq -o Dpkg::Use-Pty=0 "$@"; }
install_package() { apt install --no-install-recommends /mnt/aurald.deb; }
as_user() { inside runuser -u "$1" -- "${@:2}"; }

tells_version() { [ "$(as_user eve aurald --version)" = "$version" ]; }

stays_off() {
    [ "$(inside systemctl is-enabled aurald.service aurald.socket aurald-metrics.socket | sort -u)" = disabled ]
    [ "$(inside systemctl is-active aurald.service aurald.socket aurald-metrics.socket | sort -u)" = inactive ]
}

private_libraries() {
    local loaded
    loaded=$(inside ldd /usr/bin/aurald)
    finds '/usr/lib/x86_64-linux-gnu/aurald/libopenvino_c' "$loaded"
    lacks 'not found|libswift|libFoundation|libdispatch' "$loaded"
    lacks 'openvino|tbb|hwloc' "$(inside ldconfig -p)"
}

manual_pages() {
    local page name pages commands
    pages=$(inside dpkg -L aurald | grep '/usr/share/man/.*\.gz$')
    commands=$(inside aurald --help | sed -n '/^SUBCOMMANDS:/,$s/^  \([a-z]\+\) .*/\1/p')
    [ "$(wc -w <<<"$commands")" -gt 10 ]
    for page in $pages; do
        name=$(basename "$page" .gz)
        # By name and section, as people ask for it.
        [ "$(inside man -w "${name##*.}" "${name%.*}")" = "$page" ]
        [ -z "$(inside man --warnings -Tutf8 -P cat "${name##*.}" "${name%.*}" 2>&1 >/dev/null)" ]
    done
    # Every subcommand has a page.
    for name in $commands; do
        inside man -w "aurald-$name" >/dev/null
    done
    finds 'aurald-run\(8\)' "$(inside man -P cat aurald)"
}

# A terminal's bash, and a real tab.
completes_in_bash() {
    python3 - "$leader" <<'PYTHON'
import os, pty, select, sys, time

def typed(keys, wanted):
    child, terminal = pty.fork()
    if child == 0:
        os.execvp("nsenter", ["nsenter", "--target", sys.argv[1], "--mount", "--uts", "--ipc", "--net", "--pid", "env", "-i", "TERM=dumb",
                              "HOME=/tmp", "PATH=/usr/bin:/bin", "LC_ALL=C.UTF-8", "PS1=ready> ", "bash", "--norc", "-i"])
    seen, end = b"", time.monotonic() + 20
    steps = [(b"ready> ", b". /usr/share/bash-completion/bash_completion\r"), (b"ready> ", keys)]
    while time.monotonic() < end and wanted not in seen:
        if steps and steps[0][0] in seen:
            os.write(terminal, steps.pop(0)[1])
            seen = b""
        if select.select([terminal], [], [], 0.2)[0]:
            seen += os.read(terminal, 4096)
    os.kill(child, 9)
    os.waitpid(child, 0)
    if wanted not in seen:
        sys.exit(f"{keys!r} became {seen!r}")

typed(b"aurald st\t", b"aurald status ")
typed(b"aurald status --fail-on deg\t", b"--fail-on degraded ")
typed(b"aurald check --config /etc/aurald/au\t", b"/etc/aurald/aurald.toml ")
PYTHON
}

completes_elsewhere() {
    finds '^status' "$(inside env HOME=/tmp fish -c "complete -C 'aurald st'")"
    # shellcheck disable=SC2016 # zsh's
    finds '^_aurald$' "$(inside zsh -fc 'autoload -Uz compinit; compinit -u -d /tmp/zcompdump; print $_comps[aurald]')"
}

group_exists() {
    inside getent group aurald-clients
    # Its existence would keep the dynamic user from starting.
    not inside getent group aurald
}

imports() { inside aurald import --fuser /usr/share/aurald/models/stamps-256/stamps-256.safetensors --output /var/lib/aurald/model; }

starts() {
    inside systemctl enable --quiet --now aurald.socket aurald.service || { inside journalctl --no-pager -u aurald.service | tail -20; return 1; }
    [ "$(inside systemctl is-active aurald.service)" = active ]
}

answers() { finds 'stamps.* on OpenVINO|model +stamps' "$(inside aurald status --socket $SOCKET)"; }

who_may() {
    # Out of the group the socket cannot be opened: 77.
    local status=0
    as_user eve aurald status --socket $SOCKET || status=$?
    [ "$status" = 77 ]
    inside usermod -aG aurald-clients ada
    as_user ada aurald status --socket $SOCKET
    as_user ada aurald prompt --socket $SOCKET --reset
}

not_as_root() {
    local pid uid
    pid=$(inside systemctl show -P MainPID aurald.service)
    uid=$(inside stat -c %u "/proc/$pid")
    [ "$uid" -ge 61184 ] && [ "$uid" -le 65519 ]
    [ -n "$(inside ls /var/cache/aurald/)" ]
}

# A clip in the place of a camera: frames through the installed networks.
replays() {
    inside bash -c '
        { printf "YUV4MPEG2 W64 H48 F5:1 Ip A1:1 C420jpeg\n"; for _ in 1 2 3; do printf "FRAME\n"; head -c 4608 /dev/zero | tr "\0" "\200"; done; } \
            >/var/lib/aurald/clip.y4m
        mkdir -p /etc/aurald/conf.d
        printf "[source]\nkind = \"replay\"\npath = \"/var/lib/aurald/clip.y4m\"\nloop = true\n" >/etc/aurald/conf.d/50-clip.toml
        aurald check && systemctl restart aurald.service'
    [ "$(inside timeout 60 aurald watch --socket $SOCKET --json --count 3 | grep -c '"type":"frame"')" = 3 ]
    inside aurald status --socket $SOCKET --fail-on degraded
}

reloads() {
    inside systemctl reload aurald.service
    [ "$(inside systemctl is-active aurald.service)" = active ]
}

reinstalls() {
    local before
    before=$(inside systemctl show -P MainPID aurald.service)
    apt install --reinstall /mnt/aurald.deb
    [ "$(inside systemctl is-active aurald.service)" = active ]
    [ "$(inside systemctl show -P MainPID aurald.service)" != "$before" ]
    finds 'replay' "$(inside cat /etc/aurald/conf.d/50-clip.toml)"
    inside aurald status --socket $SOCKET
}

stops() {
    inside systemctl stop aurald.service aurald.socket
    [ "$(inside systemctl show -P Result aurald.service)" = success ]
    [ "$(inside systemctl is-active aurald.service)" = inactive ]
    inside systemctl start aurald.service
}

removes() {
    apt remove aurald
    lacks '/usr/bin/aurald' "$(inside sh -c 'readlink /proc/[0-9]*/exe')"
    not inside test -e $SOCKET
    inside test -f /etc/aurald/aurald.toml
    inside test -d /var/lib/aurald/model
}

purges() {
    apt purge aurald
    apt autoremove --purge
    inside systemctl daemon-reload
    diff <(echo "$before") <(files)
}

all_checks() {
    apt update || true
    inside useradd --create-home ada
    inside useradd --create-home eve
    version=$(dpkg-deb -f "$deb" Version)
    before=$(files)
    check "apt installs it with what it needs" install_package
    check "it is neither enabled nor started: that turns a camera on" stays_off
    check "aurald --version says $version, to anybody" tells_version
    check "OpenVINO is its own, nobody else finds it, and no Swift is needed" private_libraries
    check "every command has a manual page that is found and has no faults" manual_pages
    check "a tab completes commands, values and files in bash" completes_in_bash
    check "fish and zsh complete too" completes_elsewhere
    check "the group aurald-clients is there, and none of the name aurald" group_exists
    check "the installed configuration is right" inside aurald check
    check "the model that comes with it can be imported" imports
    check "the service starts" starts
    check "aurald status answers" answers
    check "members of aurald-clients may ask and prompt, others not" who_may
    check "it runs as a user of its own and caches its networks" not_as_root
    check "it plays a clip through the networks" replays
    check "it reloads" reloads
    check "installed again it runs again, with what was configured" reinstalls
    check "it stops in order" stops
    check "removed it is gone, and configuration and state are there" removes
    check "purged it leaves no file behind" purges
}
