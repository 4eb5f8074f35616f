package io.landbridge.kafka;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Holds this module to its place beside the agent's rooms. */
@AnalyzeClasses(
        packages = {"io.landbridge", "io.debezium.connector"},
        importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule theModuleStandsBesideTheCapture =
            noClasses()
                    .that()
                    .resideInAPackage("io.landbridge.kafka..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "io.landbridge.apply..",
                            "io.landbridge.validate..",
                            "io.landbridge.cutover..",
                            "io.landbridge.phase..",
                            "io.landbridge.observe..",
                            "io.landbridge.cli..",
                            "io.debezium..",
                            "net.openhft..")
                    .because(
                            "it brings a buffer.Transport and a capture.EngineHost: what it needs"
                                    + " belongs into these");

    @ArchTest
    static final ArchRule thePlugInIsAloneInConnect =
            noClasses()
                    .that()
                    .resideInAPackage("io.landbridge.connect..")
                    .should()
                    .dependOnClassesThat(
                            resideInAPackage("io.landbridge..")
                                    .and(
                                            not(
                                                    resideInAnyPackage(
                                                            "io.landbridge.connect..",
                                                            "io.landbridge.capture.handover.."))))
                    .because("nothing else of ours is in the plug-in's jar");

    @ArchTest
    static final ArchRule whatStandsInIsAloneInConnect =
            noClasses()
                    .that()
                    .resideInAnyPackage("io.landbridge.capture.handover..", "io.debezium..")
                    .should()
                    .dependOnClassesThat(
                            resideInAPackage("io.landbridge..")
                                    .and(not(resideInAPackage("io.landbridge.capture.handover.."))))
                    .because("it runs in Connect too, where the agent is not");

    @ArchTest
    static final ArchRule nothingDependsOnTheModule =
            noClasses()
                    .that()
                    .resideOutsideOfPackages("io.landbridge.kafka..", "io.landbridge.connect..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("io.landbridge.kafka..", "io.landbridge.connect..")
                    .because("an agent runs without it; go through buffer.TransportProvider");
}
