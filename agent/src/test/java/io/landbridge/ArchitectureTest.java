package io.landbridge;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.CompositeArchRule;
import java.util.List;

/** Holds the arrows between the rooms; each rule says how to mend a breach. */
@AnalyzeClasses(packages = "io.landbridge", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    /** Each room may import only rooms before it; rooms of one entry don't import each other. */
    private static final List<List<String>> ROOMS =
            List.of(
                    List.of("offsets"),
                    List.of("change"),
                    List.of("fault"),
                    List.of("report"),
                    List.of("config"),
                    List.of("jdbc"),
                    List.of("schema"),
                    List.of("source", "target"),
                    List.of("assess"),
                    List.of("load"),
                    List.of("buffer"),
                    List.of("capture"),
                    List.of("apply"),
                    List.of("validate"),
                    List.of("cutover"),
                    List.of("dms"),
                    List.of("phase"),
                    List.of("observe"),
                    List.of("cli"));

    @ArchTest
    static final ArchRule roomsImportOnlyRoomsBeforeThem = roomsImportOnlyRoomsBeforeThem();

    @ArchTest
    static final ArchRule noCycles =
            slices().matching("io.landbridge.(*)..")
                    .should()
                    .beFreeOfCycles()
                    .because("a change visits each room once; move the shared noun further down");

    @ArchTest
    static final ArchRule onlyCommandsStandOnTheLibrary =
            noClasses()
                    .that()
                    .resideOutsideOfPackages("io.landbridge", "io.landbridge.cli..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("io.landbridge")
                    .because(
                            "Migration stands on all rooms; what a room needs of it belongs"
                                    + " further down");

    @ArchTest
    static final ArchRule theLibraryKnowsNoCommand =
            noClasses()
                    .that()
                    .resideInAPackage("io.landbridge")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("io.landbridge.cli..")
                    .because("commands stand on Migration; who embeds it has none");

    @ArchTest
    static final ArchRule debeziumStaysInCapture =
            noClasses()
                    .that()
                    .resideOutsideOfPackages("io.landbridge.capture..", "io.debezium..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("io.debezium..", "org.apache.kafka..")
                    .because("Debezium's types stop at capture; hand out a SourceEvent instead");

    @ArchTest
    static final ArchRule chronicleStaysInBuffer =
            noClasses()
                    .that()
                    .resideOutsideOfPackage("io.landbridge.buffer..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("net.openhft..")
                    .because("only the buffer knows Chronicle; use ChangeBuffer");

    @ArchTest
    static final ArchRule amazonStaysAtTheEdges =
            noClasses()
                    .that()
                    .resideOutsideOfPackages(
                            "io.landbridge.config..",
                            "io.landbridge.observe..",
                            "io.landbridge.dms..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("software.amazon..")
                    .because(
                            "AWS's classes are loaded only where secrets, CloudWatch or DMS ask for"
                                    + " it");

    @ArchTest
    static final ArchRule replicationTasksStayInDms =
            noClasses()
                    .that()
                    .resideOutsideOfPackage("io.landbridge.dms..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("software.amazon.awssdk.services.databasemigration..")
                    .because("only the room dms talks to DMS; use its ReplicationTask");

    @ArchTest
    static final ArchRule driverStaysLow =
            noClasses()
                    .that()
                    .resideInAnyPackage(
                            "io.landbridge.phase..",
                            "io.landbridge.observe..",
                            "io.landbridge.cli..",
                            "io.landbridge.buffer..",
                            "io.landbridge.change..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("org.postgresql..")
                    .because(
                            "what is particular to a database belongs in source, target or schema");

    private static ArchRule roomsImportOnlyRoomsBeforeThem() {
        ArchRule all = null;
        for (int i = 0; i < ROOMS.size(); i++) {
            for (String room : ROOMS.get(i)) {
                String[] later =
                        ROOMS.subList(i, ROOMS.size()).stream()
                                .flatMap(List::stream)
                                .filter(other -> !other.equals(room))
                                .map(other -> "io.landbridge." + other + "..")
                                .toArray(String[]::new);
                if (later.length == 0) {
                    continue;
                }
                ArchRule rule =
                        noClasses()
                                .that()
                                .resideInAPackage("io.landbridge." + room + "..")
                                .should()
                                .dependOnClassesThat()
                                .resideInAnyPackage(later)
                                .allowEmptyShould(true)
                                .because(
                                        room
                                                + " comes before them: pass a value or an"
                                                + " interface of "
                                                + room
                                                + " in through the constructor");
                all = all == null ? rule : CompositeArchRule.of(all).and(rule);
            }
        }
        return all;
    }
}
