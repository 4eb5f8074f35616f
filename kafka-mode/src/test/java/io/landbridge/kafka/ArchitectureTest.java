package io.landbridge.kafka;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Holds this module to its place beside the agent's rooms. */
@AnalyzeClasses(packages = "io.landbridge", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule theModuleStandsBesideTheBuffer =
            noClasses()
                    .that()
                    .resideInAPackage("io.landbridge.kafka..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "io.landbridge.capture..",
                            "io.landbridge.apply..",
                            "io.landbridge.validate..",
                            "io.landbridge.cutover..",
                            "io.landbridge.phase..",
                            "io.landbridge.observe..",
                            "io.landbridge.cli..",
                            "io.debezium..",
                            "net.openhft..")
                    .because("it brings a buffer.Transport: what it needs belongs into that");

    @ArchTest
    static final ArchRule nothingDependsOnTheModule =
            noClasses()
                    .that()
                    .resideOutsideOfPackage("io.landbridge.kafka..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("io.landbridge.kafka..")
                    .because("an agent runs without it; go through buffer.TransportProvider");
}
