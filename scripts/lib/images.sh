# Docker images that this checkout's own is built on and tried with. Sourced; $home is the checkout, $scratch a directory
# of the caller's.
#
# Where a registry can be reached they are the official ones. Where none can, they are made here under the same names: the
# base by debootstrap, servers from the programs that the tests use, behind entry points that know the official ones'
# variables as far as we use them (docker/stand-ins).

LANDBRIDGE_BASE=${LANDBRIDGE_BASE:-debian:trixie-slim}

need_engine() {
    command -v docker > /dev/null && docker info > /dev/null 2>&1 || {
        echo "there is no Docker engine here: install one (Debian: docker.io) and start it (service docker start, or dockerd)" >&2
        exit 2
    }
}

# images NAME...: sees that they are there.
images() {
    local name
    for name; do
        if docker image inspect "$name" > /dev/null 2>&1; then
            echo "image $name: is here$(docker image inspect -f '{{if .Config.Labels.stand_in}}, a stand-in made before{{end}}' "$name")"
        elif docker pull -q "$name" > /dev/null 2>&1; then
            echo "image $name: pulled"
        else
            echo "image $name: no registry has it for us, a stand-in is made"
            stand_in "$name" > "$scratch/stand-in.log" 2>&1 || {
                cat "$scratch/stand-in.log" >&2
                echo "image $name can neither be pulled nor made here" >&2
                exit 1
            }
        fi
    done
}

stand_in() {
    local context=$scratch/stand-in
    rm -rf "$context"
    mkdir "$context"
    case $1 in
        debian:*-slim)
            local suite=${1#debian:}
            stand_in_base "${suite%-slim}" "$1" ;;
        postgres:*)
            cp "$home/docker/stand-ins/postgres/entry-point" "$context/"
            unzip -p "$(test_archive postgres "*-linux-amd64-${1#postgres:}.*.jar")" '*.txz' > "$context/postgres.txz"
            stand_in_build postgres "$1" ;;
        mysql:8.0)
            cp "$home/docker/stand-ins/mysql/entry-point" "$context/"
            unzip -p "$(test_archive mysql '*.jar')" 'mysql-Linux-amd64.tar.gz' > "$context/mysql.tar.gz"
            stand_in_build mysql "$1" ;;
        apache/kafka:*)
            cp "$home/docker/stand-ins/kafka/"{run,kafka-broker-api-versions.sh} "$context/"
            mkdir "$context/libs"
            tr : '\n' < "$home/kafka-mode/target/test.classpath" | grep '\.jar$' | xargs cp -t "$context/libs"
            stand_in_build kafka "$1" ;;
        edoburu/pgbouncer:*) stand_in_build pgbouncer "$1" ;;
        prom/prometheus:*) stand_in_build prometheus "$1" ;;
        *) return 1 ;;
    esac
}

# Its own suite's archive; as slim as the official one.
stand_in_base() { # stand_in_base SUITE NAME
    command -v debootstrap > /dev/null || {
        echo "debootstrap is needed to make $2: apt-get install debootstrap" >&2
        return 1
    }
    debootstrap --variant=minbase "$1" "$context/root"
    rm -rf "$context"/root/var/cache/apt/* "$context"/root/var/lib/apt/lists/* "$context"/root/usr/share/{doc,man,locale,info}/*
    tar -C "$context/root" -c . | docker import --change 'LABEL stand_in=yes' --change 'CMD ["bash"]' - "$2"
}

stand_in_build() { # stand_in_build DIRECTORY NAME
    images "$LANDBRIDGE_BASE"
    docker build --label stand_in=yes --build-arg BASE="$LANDBRIDGE_BASE" -t "$2" -f "$home/docker/stand-ins/$1/Dockerfile" "$context"
}

test_archive() { # test_archive DIRECTORY PATTERN: what Maven has put on the test class path
    find "$home/agent/target/test-classes/$1" -name "$2" | grep . || {
        echo "no $2 in agent/target/test-classes/$1: run scripts/dev test first" >&2
        return 1
    }
}
