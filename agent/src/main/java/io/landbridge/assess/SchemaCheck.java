package io.landbridge.assess;

import io.landbridge.schema.SchemaPreview;
import java.sql.SQLException;
import java.util.List;

/** What making the target's schema will need and leave out. */
final class SchemaCheck implements Check {

    @Override
    public void run(Subject subject, Findings findings) throws SQLException {
        if (!subject.creates()) {
            return;
        }
        SchemaPreview preview = subject.schema().get();
        findings.note(
                FindingCode.SCHEMA_WAY,
                "the target's schema",
                "made from "
                        + preview.way()
                        + "; owners, grants and tablespaces are not carried"
                        + " over",
                "");
        for (String missing : preview.missing()) {
            findings.blocker(
                    FindingCode.SCHEMA_NEEDS,
                    missing,
                    "what a chosen table needs could not be made",
                    "select that table too, or exclude the one that needs it");
        }
        if (!preview.unsupported().isEmpty()) {
            findings.blocker(
                    FindingCode.SCHEMA_UNSUPPORTED,
                    Findings.list(preview.unsupported()),
                    "only pg_dump can spell such objects' DDL, and none is used: " + preview.way(),
                    "install pg_dump of the source's version on the agent's machine, or name it in"
                            + " schema.pg-dump; exclude what needs them; or make the target's schema yourself (pg_dump"
                            + " --schema-only) and set schema.mode: existing");
        }
        if (!preview.leftOut().isEmpty()) {
            findings.warning(
                    FindingCode.SCHEMA_LEFT_OUT,
                    Findings.list(preview.leftOut()),
                    "these stay behind",
                    "select the tables that they need, if they are wanted at the target");
        }
        roles(subject, preview, findings);
    }

    private static void roles(Subject subject, SchemaPreview preview, Findings findings)
            throws SQLException {
        List<String> absent =
                subject.target()
                        .texts(
                                "select r from unnest(?::text[]) as w (r) where not exists"
                                        + " (select 1 from pg_roles p where p.rolname = w.r)"
                                        + " order by 1",
                                preview.roles());
        if (!absent.isEmpty()) {
            findings.blocker(
                    FindingCode.ROLE_MISSING,
                    Findings.list(absent),
                    "policies of chosen tables name these roles, which the target lacks",
                    "CREATE ROLE them at the target (pg_dumpall --roles-only)");
        }
    }
}
