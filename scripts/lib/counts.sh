# Prints how many tests ran, from the reports of Maven's two test plugins. Sourced.

print_counts() {
    local kind files
    for kind in surefire failsafe; do
        files=("$home"/*/target/$kind-reports/TEST-*.xml)
        [ -f "${files[0]}" ] || continue
        # Records end at '>': each file's <testsuite ...> is one, over however many lines.
        awk -v kind="$([ $kind = surefire ] && echo unit || echo integration)" '
            BEGIN { RS = ">" }
            function value(name) { return match($0, "[ \n]" name "=\"[0-9]+\"") ? substr($0, RSTART + length(name) + 3, RLENGTH - length(name) - 4) : 0 }
            /<testsuite[ \n]/ { tests += value("tests"); failed += value("failures") + value("errors"); skipped += value("skipped") }
            END { printf "%s: %d passed, %d failed, %d skipped\n", kind, tests - failed - skipped, failed, skipped }' "${files[@]}"
    done
}
