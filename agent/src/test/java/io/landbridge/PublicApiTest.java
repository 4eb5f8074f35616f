package io.landbridge;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What who embeds a migration meets, so that it grows on purpose only. */
class PublicApiTest {

    private static final List<Class<?>> ENTRANCES =
            List.of(Migration.class, MigrationBuilder.class, MigrationListener.class);

    /** What methods of the entrances give and take, records of records followed to their ends. */
    @Test
    void typesOfOursThatItGivesAndTakesAreThese() {
        Set<String> met = new TreeSet<>();
        for (Class<?> entrance : ENTRANCES) {
            Arrays.stream(entrance.getMethods()).forEach(method -> follow(method, met));
        }
        assertThat(packages(met))
                .containsExactlyInAnyOrder(
                        "io.landbridge",
                        "io.landbridge.assess",
                        "io.landbridge.buffer",
                        "io.landbridge.change",
                        "io.landbridge.config",
                        "io.landbridge.cutover",
                        "io.landbridge.fault",
                        "io.landbridge.phase",
                        "io.landbridge.schema");
        met.removeIf(name -> name.startsWith("io.landbridge.config."));
        met.removeIf(name -> name.startsWith("io.landbridge.phase.MigrationStatus$"));
        assertThat(met)
                .containsExactlyInAnyOrder(
                        "io.landbridge.Migration",
                        "io.landbridge.MigrationBuilder",
                        "io.landbridge.MigrationListener",
                        "io.landbridge.assess.GrantScript",
                        "io.landbridge.buffer.BufferStatus",
                        "io.landbridge.change.TableId",
                        "io.landbridge.cutover.ClientPause",
                        "io.landbridge.fault.Fault",
                        "io.landbridge.phase.ComparisonOrder",
                        "io.landbridge.phase.MigrationControl",
                        "io.landbridge.phase.MigrationStatus",
                        "io.landbridge.phase.Phase",
                        "io.landbridge.phase.Until",
                        "io.landbridge.schema.SchemaScript");
    }

    private static Set<String> packages(Set<String> types) {
        Set<String> packages = new TreeSet<>();
        types.forEach(type -> packages.add(type.substring(0, type.lastIndexOf('.'))));
        return packages;
    }

    private static void follow(Method method, Set<String> met) {
        if (method.getDeclaringClass() == Object.class) {
            return;
        }
        follow(method.getGenericReturnType(), met);
        Arrays.stream(method.getGenericParameterTypes()).forEach(type -> follow(type, met));
    }

    private static void follow(Type type, Set<String> met) {
        if (type instanceof ParameterizedType generic) {
            follow(generic.getRawType(), met);
            Arrays.stream(generic.getActualTypeArguments()).forEach(it -> follow(it, met));
        } else if (type instanceof Class<?> named
                && named.getName().startsWith("io.landbridge.")
                && met.add(named.getName())
                && named.isRecord()) {
            Arrays.stream(named.getRecordComponents())
                    .forEach(part -> follow(part.getGenericType(), met));
        }
    }

    @Test
    void everythingElseOfTheRootPackageIsHidden() throws IOException {
        try (var files = Files.list(Path.of("src/main/java/io/landbridge"))) {
            List<String> visible =
                    files.map(file -> file.getFileName().toString())
                            .filter(name -> name.endsWith(".java") && !name.contains("-"))
                            .map(name -> "io.landbridge." + name.replace(".java", ""))
                            .filter(PublicApiTest::isPublic)
                            .toList();
            assertThat(visible)
                    .containsExactlyInAnyOrderElementsOf(
                            ENTRANCES.stream().map(Class::getName).toList());
        }
    }

    private static boolean isPublic(String name) {
        try {
            return Modifier.isPublic(Class.forName(name).getModifiers());
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The page's program is the example's, which a test runs. */
    @Test
    void pageShowsTheExamplesOwnLines() throws IOException {
        String page = Files.readString(Path.of("docs/java-api.md"));
        String shown = page.split("```java\n", 2)[1].split("```", 2)[0];
        String example =
                Files.readString(Path.of("src/test/java/io/landbridge/example/EmbedExample.java"));
        assertThat(flat(example)).contains(flat(shown));
        for (Class<?> entrance : List.of(Migration.class, MigrationBuilder.class)) {
            assertThat(Arrays.stream(entrance.getDeclaredMethods()))
                    .filteredOn(method -> Modifier.isPublic(method.getModifiers()))
                    .extracting(Method::getName)
                    .filteredOn(name -> !name.equals("url") && !name.equals("from"))
                    .allSatisfy(name -> assertThat(page).contains(name + "("));
        }
    }

    private static String flat(String code) {
        return code.replaceAll("\\s+", " ").strip();
    }
}
