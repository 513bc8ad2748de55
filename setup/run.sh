#!/usr/bin/env bash
# Bring the city up and serve it in the foreground; Ctrl-C stops the service, the database runs on until make stop.
. "$(dirname "$0")/lib.sh"
citygrid=.venv/bin/citygrid

# What is wrong shall be said now, not after minutes of loading.
"$citygrid" doctor --before-start
[ -n "${CITYGRID_DATABASE_URL:-}" ] || "$citygrid" cluster start
# Makes or upgrades the tables first, as init-db does.
"$citygrid" load-sample --size "${SIZE:-city}" --until today --if-empty
mkdir -p -m 711 "$HOME_FOLDER" # not there yet with a database elsewhere
echo $$ >"$HOME_FOLDER/service.pid"
exec "$citygrid" serve
