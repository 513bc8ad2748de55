#!/usr/bin/env bash
# Make .venv and install the project with the versions of a lock file. "python.sh test" adds what
# tests need, "python.sh clients" the clients of others, too.
. "$(dirname "$0")/lib.sh"

lock=requirements.lock
[ -n "${1:-}" ] && lock=requirements-$1.lock

# A .venv whose Python went with an upgrade of the distribution is of no use any more.
if [ -e .venv ] && ! .venv/bin/python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    rm -rf .venv
fi
[ ! -e .venv ] || [ -w .venv ] ||
    refuse "The folder .venv belongs to $(stat -c %U .venv); run make as that user, or delete it" \
        ".venv 属于用户 $(stat -c %U .venv)；请以该用户运行 make，或删除该目录"
if [ ! -e .venv ]; then
    step "Python environment" "创建 Python 环境"
    "$(find_python)" -m venv .venv
fi

step "Python packages of $lock (a minute or two the first time)" "安装 $lock 中的 Python 软件包（首次约需一两分钟）"
pip=(.venv/bin/python -m pip --disable-pip-version-check)
"${pip[@]}" install --quiet --require-hashes --requirement "$lock" ||
    refuse "Python packages could not be installed; see the lines above" "Python 软件包安装失败，原因见上文"
"${pip[@]}" install --quiet --no-deps --no-build-isolation --editable . ||
    refuse "The project could not be installed; see the lines above" "项目安装失败，原因见上文"
