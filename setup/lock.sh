#!/usr/bin/env bash
# Write the lock files anew from pyproject.toml. Versions that are locked stay; "make lock UPGRADE=1" takes newer ones.
. "$(dirname "$0")/lib.sh"

venv=.venv-lock
"$(find_python)" -m venv "$venv"
trap 'rm -rf "$venv"' EXIT
"$venv/bin/pip" install --quiet uv

compile() {
    "$venv/bin/uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes \
        --no-emit-index-url --no-emit-find-links --no-header ${UPGRADE:+--upgrade} "$@"
}

compile pyproject.toml setup/build.in --output-file requirements.lock
compile pyproject.toml setup/build.in --extra test --constraint requirements.lock --output-file requirements-test.lock
compile pyproject.toml setup/build.in --extra test --extra clients --constraint requirements-test.lock \
    --output-file requirements-clients.lock
compile setup/node.in --output-file setup/node.lock
