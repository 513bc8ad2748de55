#!/usr/bin/env bash
# Install from the distribution what is missing, and only that. "system.sh test" looks for what tests need
# as well, "system.sh clients" for the map programs that the service is tried with.
. "$(dirname "$0")/lib.sh"

LEAST_POSTGRESQL=14
CREATECLUSTER=/etc/postgresql-common/createcluster.d/citygrid.conf

# The installed server versions that are new enough, newest first.
servers() {
    local folder
    for folder in /usr/lib/postgresql/*/bin; do
        if [ -x "$folder/initdb" ]; then basename "$(dirname "$folder")"; fi
    done | awk -v least=$LEAST_POSTGRESQL '$1 >= least' | sort -rn
}

has_postgis() {
    local version
    for version in $(servers); do
        [ -f "/usr/share/postgresql/$version/extension/postgis.control" ] && return
    done
    # Not from the distribution: citygrid looks closer (gis/postgresql.py) and says what is wrong with it.
    command -v pg_config >/dev/null && [ -f "$(pg_config --sharedir)/extension/postgis.control" ]
}

has_chromium() { command -v chromium || command -v chromium-browser || command -v google-chrome; } >/dev/null

# A package that can be installed; "apt-cache show" alone also knows purely virtual ones.
available() { [[ $(apt-cache policy "$1" 2>/dev/null) == *'Candidate: '[!\(]* ]]; }

first_available() {
    local package
    for package in "$@"; do
        if available "$package"; then
            echo "$package"
            return
        fi
    done
    echo "$1" # apt then says itself that it does not know it
}

postgis_packages() {
    local version
    read -r version <<<"$(servers)" || true
    if [ -n "$version" ]; then
        echo "postgresql-$version-postgis-3"
        return
    fi
    echo postgresql
    if available postgresql-postgis; then
        echo postgresql-postgis
    else
        version=$(apt-cache depends postgresql | sed -n 's/.*Depends: postgresql-\([0-9]*\)$/\1/p' | head -n 1)
        echo "postgresql-$version-postgis-3"
    fi
}

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    else
        sudo "$@"
    fi
}

install() {
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install --yes --quiet --no-install-recommends "$@"
}

wants() { [ "${1:-}" = test ]; }

wants_clients() { [ "${1:-}" = clients ]; }

# QGIS belongs to the distribution's own Python, whichever Python the project runs with.
has_qgis() { /usr/bin/python3 -c 'import qgis.core' 2>/dev/null; }

has_library() { [[ $(ldconfig -p 2>/dev/null || /sbin/ldconfig -p) == *"$1"* ]]; }

python=$(find_python)
missing=()
"$python" -c 'import ensurepip, venv' 2>/dev/null || missing+=(venv)
if [ -z "${CITYGRID_DATABASE_URL:-}" ] || wants "$@"; then
    has_postgis || missing+=(postgis)
fi
# Section drawings are made here, as PDF and PNG; without a Chinese font their words are rows of boxes.
has_library libcairo.so.2 || missing+=(cairo)
[ -n "$(fc-list :lang=zh-cn family 2>/dev/null)" ] || missing+=(font)
# Reports are set by Pango; HarfBuzz cuts their fonts down to the signs used.
has_library libpangoft2-1.0.so.0 && has_library libharfbuzz-subset.so.0 || missing+=(pango)
if wants "$@"; then
    has_chromium || missing+=(chromium)
    # The Node inside playwright is linked against it; a smallest Debian lacks it.
    has_library libatomic.so.1 || missing+=(libatomic)
fi
if wants_clients "$@"; then
    has_qgis || missing+=(qgis)
    command -v ogr2ogr >/dev/null || missing+=(gdal)
fi
[ ${#missing[@]} -gt 0 ] || exit 0

command -v apt-get >/dev/null ||
    refuse "Missing here: ${missing[*]}; install them by hand, this is neither Debian nor Ubuntu" \
        "缺少：${missing[*]}；本机不是 Debian 或 Ubuntu，请手工安装"
[ "$(id -u)" = 0 ] || command -v sudo >/dev/null ||
    refuse "Missing here: ${missing[*]}; run make as root, or as a user with sudo" \
        "缺少：${missing[*]}；请以 root 或具有 sudo 权限的用户运行 make"

step "Installing from the distribution: ${missing[*]}" "从发行版安装：${missing[*]}"
as_root apt-get update --quiet ||
    refuse "apt-get update failed; see the lines above" "apt-get update 失败，原因见上文"

packages=()
for item in "${missing[@]}"; do
    case $item in
        venv) packages+=("$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')") ;;
        postgis)
            names=$(postgis_packages) # apart from the next line, so that a failure ends the script
            mapfile -t -O ${#packages[@]} packages <<<"$names"
            ;;
        chromium) packages+=("$(first_available chromium chromium-browser)") ;;
        cairo) packages+=(libcairo2) ;;
        pango) packages+=(libpango-1.0-0 libpangoft2-1.0-0 "$(first_available libharfbuzz-subset0 libharfbuzz0b)") ;;
        libatomic) packages+=(libatomic1) ;;
        qgis) packages+=(python3-qgis) ;;
        gdal) packages+=(gdal-bin) ;;
        font) packages+=(fontconfig fonts-noto-cjk) ;;
    esac
done

# The package would start a server of its own on 5432, which nobody asked for. Only while we install it for
# the first time: who has PostgreSQL has decided already.
if [[ " ${packages[*]} " == *" postgresql "* ]] && [ ! -e "$CREATECLUSTER" ]; then
    as_root mkdir -p "$(dirname "$CREATECLUSTER")"
    echo 'create_main_cluster = false' | as_root tee "$CREATECLUSTER" >/dev/null
    trap 'as_root rm -f "$CREATECLUSTER"' EXIT
fi

install "${packages[@]}" ||
    refuse "The distribution could not install: ${packages[*]}; see the lines above" \
        "发行版无法安装：${packages[*]}，原因见上文"

if [[ " ${missing[*]} " == *" postgis "* ]] && ! has_postgis; then
    refuse "PostgreSQL with PostGIS is still missing after: apt-get install ${packages[*]}" \
        "执行 apt-get install ${packages[*]} 之后仍缺少 PostgreSQL 与 PostGIS"
fi
if wants "$@"; then
    # On Ubuntu the package is a door to the snap store, which a closed network does not have.
    browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)
    [ -n "$browser" ] && "$browser" --version >/dev/null 2>&1 ||
        refuse "Chromium does not start here; install it and set CITYGRID_CHROMIUM to its path" \
            "Chromium 无法启动；请自行安装，并将 CITYGRID_CHROMIUM 设为其路径"
fi
