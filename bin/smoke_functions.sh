# What bin/smoke and bin/smoke_production share: data of their own, and a server in a process group of its own.
# To be sourced from the top of the checkout, by bash. Sets `data`; the caller sets `server` by start_server.

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

# By the commands that people use; a later stage of the same run (.ci/run sets MADE_ONCE) copies what that made.
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

# start_server COMMAND…: in the background, its words in $data/server.log.
start_server() {
    setsid "$@" >"$data/server.log" 2>&1 &
    server=$!
}

# wait_for_server COMPLAINT URL…: until each answers, or the server has ended.
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

# Ends the whole group: make, the shell, Django and its reloader.
stop_server() {
    [ -n "$server" ] || return 0
    kill -- "-$server" 2>/dev/null || true
    wait "$server" 2>/dev/null || true
    server=
}
