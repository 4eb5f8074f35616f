# Prints how many tests ran, from the reports of Maven's two test plugins. Sourced.

print_counts() {
    local kind files
    for kind in surefire failsafe; do
        files=("$home"/*/target/$kind-reports/TEST-*.xml)
        [ -f "${files[0]}" ] || continue
        sed -n '/<testsuite /{p;q}' "${files[@]}" > /dev/null
        for file in "${files[@]}"; do
            # The attributes of the first <testsuite ...>, which may run over several lines.
            tr '\n' ' ' < "$file" | sed -n 's/.*<testsuite \([^>]*\)>.*/\1/p' | head -n 1
        done | awk -v kind="$kind" '
            function value(name) { return match($0, " " name "=\"[0-9]+\"") ? substr($0, RSTART + length(name) + 3, RLENGTH - length(name) - 4) : 0 }
            { tests += value("tests"); failures += value("failures"); errors += value("errors"); skipped += value("skipped") }
            END { failed = failures + errors; printf "%s: %d passed, %d failed, %d skipped\n", (kind == "surefire" ? "unit" : "integration"), tests - failed - skipped, failed, skipped }'
    done
}
