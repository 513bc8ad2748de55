#!/usr/bin/env bash
# Delete everything that make made here, the city's data too. Asks first; YES=1 is the answer beforehand.
. "$(dirname "$0")/lib.sh"

if [ -e "$HOME_FOLDER" ] && [ "${YES:-}" != 1 ]; then
    [ -t 0 ] || refuse "This deletes all data in $HOME_FOLDER; run: make clean YES=1" \
        "此操作将删除 $HOME_FOLDER 中的全部数据；确认请运行：make clean YES=1"
    speak "This deletes all data of the city in $HOME_FOLDER. Type yes to go on:" \
        "此操作将删除 $HOME_FOLDER 中本城市的全部数据。输入 yes 继续："
    read -r answer
    [ "$answer" = yes ] || refuse "Nothing was deleted" "未删除任何内容"
fi
if [ -e "$HOME_FOLDER/cluster.json" ]; then
    [ -x .venv/bin/citygrid ] || refuse "The database cannot be stopped without .venv; run make setup first" \
        "没有 .venv 无法停止数据库；请先运行 make setup"
    .venv/bin/citygrid stop
    .venv/bin/citygrid cluster destroy --yes
fi
rm -rf "$HOME_FOLDER" .venv web/node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis \
    .import_linter_cache test-results
find . -name __pycache__ -type d -prune -exec rm -rf {} +
