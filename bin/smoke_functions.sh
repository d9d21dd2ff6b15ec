# Functions shared by bin/smoke and bin/smoke_production, which use separate data and a server in its own process group.
# To be sourced by bash from the top of the checkout. Sets `data` (a temporary folder); start_server sets `server`.

data=$(mktemp -d)
server=
export DATABASE_URL="sqlite:///$data/smoke.sqlite3" MEDIA_ROOT="$data/media" STATIC_ROOT="$data/static"
unset BETTERMENT_ENV DEBUG SECRET_KEY SITE_URL ALLOWED_HOSTS EMAIL_HOST

cleanup() {
    stop_server
    rm -rf "$data"
}
trap cleanup EXIT

manage() {
    .venv/bin/python manage.py "$@"
}

# Loads the demonstration by the usual commands. A later stage of the same run copies it (.ci/run sets MADE_ONCE).
load_demonstration() {
    local kept=${MADE_ONCE:+$MADE_ONCE/smoke}
    if [ -n "$kept" ] && [ -d "$kept" ]; then
        cp -R "$kept/." "$data"
        return
    fi
    manage migrate --noinput --verbosity 0
    manage load_demo
    [ -z "$kept" ] || cp -R "$data" "$kept"
}

free_port() {
    .venv/bin/python -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

answers() {
    .venv/bin/python -c '
import ssl, sys, urllib.request
trusting = ssl._create_unverified_context()
for url in sys.argv[1:]:
    with urllib.request.urlopen(url, timeout=20, context=trusting) as answer:
        assert answer.status == 200, (url, answer.status)
' "$@"
}

# start_server COMMAND…: starts a server in the background; its output goes to $data/server.log.
start_server() {
    setsid "$@" >"$data/server.log" 2>&1 &
    server=$!
}

# wait_for_server COMPLAINT URL…: waits until every URL answers 200. Prints the logs and exits with status 1
# if the server ends, or after 60 attempts.
wait_for_server() {
    local complaint=$1
    shift
    for try in {1..60}; do
        if answers "$@" 2>"$data/answers.log"; then return; fi
        if [ "$try" -eq 60 ] || ! kill -0 "$server" 2>/dev/null; then
            cat "$data/server.log" "$data/answers.log"
            echo "$complaint" >&2
            exit 1
        fi
        sleep 1
    done
}

# Ends the whole process group: make, the shell, Django and its reloader.
stop_server() {
    [ -n "$server" ] || return 0
    kill -- "-$server" 2>/dev/null || true
    wait "$server" 2>/dev/null || true
    server=
}
