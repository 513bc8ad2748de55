#!/usr/bin/env bash
# Install the front-end packages of web/package-lock.json; npm comes as a Python package where there is none.
. "$(dirname "$0")/lib.sh"

# Lock files of version 3 are read from npm 7 on.
is_enough() { [ "$("$1" --version 2>/dev/null | cut -d. -f1)" -ge 7 ] 2>/dev/null; }

npm=npm
if ! is_enough npm; then
    if [ ! -x .venv/bin/npm ]; then
        step "npm, as a Python package" "以 Python 软件包方式安装 npm"
        .venv/bin/python -m pip --disable-pip-version-check install --quiet --require-hashes \
            --requirement setup/node.lock ||
            refuse "npm could not be installed; see the lines above" "npm 安装失败，原因见上文"
    fi
    npm=$PWD/.venv/bin/npm
    PATH=$PWD/.venv/bin:$PATH
fi

step "Front-end packages" "安装前端软件包"
# Their install scripts are not needed to serve files, and are not run.
(cd web && "$npm" ci --ignore-scripts --no-audit --no-fund --no-update-notifier --loglevel=error) ||
    refuse "Front-end packages could not be installed; see the lines above" "前端软件包安装失败，原因见上文"
