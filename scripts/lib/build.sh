# Builds what the scripts of a checkout run. Sourced by them; $home is the checkout.

# Maven writes the class paths when it compiles: see build-classpath in agent/pom.xml.
runtime_classpath=$home/agent/target/runtime.classpath
test_classpath=$home/agent/target/test.classpath
kafka_test_classpath=$home/kafka-mode/target/test.classpath

# build GOAL MODULE FILE DIRECTORY...: runs Maven when something in the directories is newer than FILE.
build() {
    local goal=$1 module=$2 file=$3
    shift 3
    if [ -f "$file" ] && [ -z "$(find "$@" "$home"/pom.xml "$home"/*/pom.xml -newer "$file" -print -quit)" ]; then
        return
    fi
    command -v mvn > /dev/null || {
        echo "Maven is needed to build a checkout: run scripts/test once, it installs what is missing" >&2
        exit 2
    }
    echo "building ..." >&2
    (cd "$home" && mvn -q -B "$goal" -pl "$module" -am -Dspotless.check.skip=true) >&2
    touch "$file"
}

build_agent() {
    build compile kafka-mode "$runtime_classpath" "$home"/offsets/src/main "$home"/agent/src/main "$home"/kafka-mode/src/main
}

build_tests() {
    build test-compile agent "$test_classpath" "$home"/offsets/src "$home"/agent/src
}

build_kafka_tests() {
    build test-compile kafka-mode "$kafka_test_classpath" "$home"/offsets/src "$home"/agent/src "$home"/kafka-mode/src
}

agent_classpath() {
    echo "$home/agent/target/classes:$home/kafka-mode/target/classes:$(cat "$runtime_classpath")"
}

tests_classpath() {
    echo "$home/agent/target/test-classes:$home/agent/target/classes:$(cat "$test_classpath")"
}

kafka_tests_classpath() {
    echo "$home/kafka-mode/target/test-classes:$home/kafka-mode/target/classes:$home/agent/target/test-classes:$home/agent/target/classes:$(cat "$kafka_test_classpath")"
}

# run_example NAME ARGUMENTS...: one of scripts/examples, with servers of its own.
run_example() {
    source "$home/scripts/lib/packages.sh"
    needs_to_build
    install_packages
    build_agent
    build_tests
    exec java -Xmx256m -cp "$(tests_classpath)" -Dlandbridge.launcher="$home/scripts/landbridge" \
        -Dlandbridge.examples="$home/scripts/examples" io.landbridge.example.Examples "$@"
}
