# Shared by the scripts of this folder: where we are, how we speak, which Python serves.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

HOME_FOLDER=${CITYGRID_HOME:-.citygrid}

# speak "english" "中文": the one the terminal asks for.
speak() {
    case "${CITYGRID_LOCALE:-${LANGUAGE:-${LC_ALL:-${LC_MESSAGES:-${LANG:-}}}}}" in
        zh*) printf '%s\n' "$2" ;;
        *) printf '%s\n' "$1" ;;
    esac
}

step() { printf '→ '; speak "$@"; }

refuse() {
    { printf 'citygrid: '; speak "$@"; } >&2
    exit 2
}

# The Python to make .venv with: the system's own when it is new enough, because its venv package is at hand.
find_python() {
    local candidate
    for candidate in python3 python3.13 python3.12 python3.11; do
        if command -v "$candidate" >/dev/null &&
            "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$candidate"
            return
        fi
    done
    refuse "Python 3.11 or newer is needed, this machine has $(python3 --version 2>&1 || echo none); install python3.11" \
        "需要 Python 3.11 或更高版本，本机为 $(python3 --version 2>&1 || echo 无)；请安装 python3.11"
}
