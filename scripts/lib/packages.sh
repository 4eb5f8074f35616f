# Packages of Debian or Ubuntu that a script needs, installed when they are missing. Sourced.
#
#   needs COMMAND PACKAGE ...; needs_to_build; install_packages

packages=()

needs() { # needs COMMAND PACKAGE: installs PACKAGE when there is no COMMAND
    command -v "$1" > /dev/null || packages+=("$2")
}

# What builds a checkout and runs the test kit's servers: for the tests, the demo and the examples.
needs_to_build() {
    if ! command -v javac > /dev/null; then
        if apt-cache show openjdk-17-jdk-headless > /dev/null 2>&1; then
            packages+=(openjdk-17-jdk-headless)
        else
            packages+=(default-jdk-headless)
        fi
    fi
    needs mvn maven
    needs pg_dump postgresql-client
    needs setpriv util-linux
    needs ps procps
    [ -x /usr/sbin/pgbouncer ] || packages+=(pgbouncer)
    # MySQL's server of the test kit is linked against it.
    /sbin/ldconfig -p | grep -q 'libaio\.so\.1 ' || packages+=(libaio1)
}

install_packages() {
    [ ${#packages[@]} -gt 0 ] || return 0
    command -v apt-get > /dev/null || {
        echo "install these first: ${packages[*]}" >&2
        exit 2
    }
    local as_root=()
    [ "$(id -u)" = 0 ] || as_root=(sudo)
    echo "installing ${packages[*]}" >&2
    "${as_root[@]}" apt-get -qq update
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends "${packages[@]}" > /dev/null
}
