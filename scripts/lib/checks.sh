# What the checks with a Docker engine have in common. Sourced, with images.sh before it; $name is what the caller's
# containers and network are called after.

checking=$(basename "$0")

fail() {
    echo "$checking: $*" >&2
    exit 1
}

until_true() { # until_true SECONDS WHAT COMMAND...
    local deadline=$((SECONDS + $1)) what=$2
    shift 2
    until "$@" > /dev/null 2>&1; do
        [ $SECONDS -lt $deadline ] || fail "not within the time: $what"
        sleep 0.2
    done
}

start_servers() { # PostgreSQL 14 as $name-source and 17 as $name-target, each with a database shop; returns when they answer
    local side
    docker network create "$name" > /dev/null
    for side in source:14 target:17; do
        docker run -d --name "$name-${side%:*}" --network "$name" -e POSTGRES_PASSWORD=toll -e PGPASSWORD=toll \
            -e POSTGRES_DB=shop "postgres:${side#*:}" postgres -c wal_level=logical > /dev/null
    done
    until_true 60 "the source answers" query source 'SELECT 1'
    until_true 60 "the target answers" query target 'SELECT 1'
}

query() { # query SIDE SQL
    docker exec "$name-$1" psql -qAt -U postgres -d shop -h localhost -c "$2"
}
