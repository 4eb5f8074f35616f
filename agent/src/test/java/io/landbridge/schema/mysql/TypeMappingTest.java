package io.landbridge.schema.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The table of types, and what is made of a type's spelling. */
class TypeMappingTest {

    private static final Path PAGE =
            List.of(Path.of("docs/type-mapping.md"), Path.of("agent/docs/type-mapping.md")).stream()
                    .filter(Files::exists)
                    .findFirst()
                    .orElseThrow();

    @Test
    void pageShowsTheTableOfTheCode() throws IOException {
        List<String> shown =
                Files.readAllLines(PAGE).stream().filter(line -> line.startsWith("| `")).toList();
        assertThat(shown)
                .containsExactlyElementsOf(
                        TypeMapping.RULES.stream().map(TypeMappingTest::line).toList());
    }

    private static String line(TypeMapping.Rule rule) {
        String type =
                rule.postgres().equals(TypeMapping.ENUM)
                        ? rule.postgres()
                        : '`' + rule.postgres() + '`';
        return "| `" + rule.mysql() + "` | " + type + " | " + rule.remark() + " |";
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "varchar(10); character varying(10)",
                "VARCHAR ( 10 ); character varying(10)",
                "timestamptz; timestamp with time zone",
                "timestamp(3); timestamp(3) without time zone",
                "timestamp(3) with time zone; timestamp(3) with time zone",
                "timestamptz(3); timestamp(3) with time zone",
                "numeric(20); numeric(20,0)",
                "decimal(10, 2); numeric(10,2)",
                "int; integer",
                "text[]; text[]",
                "interval(6); interval(6)",
                "public.citext; public.citext",
                "\"Shop\".\"Status\"; \"Shop\".\"Status\"",
            })
    void spellsTypesAsThePostgresCatalogueDoes(String given, String spelled) {
        assertThat(PostgresType.parse(given).text()).isEqualTo(spelled);
    }

    @Test
    void readsLabelsAsTheCatalogueEscapesThem() {
        assertThat(MysqlLabels.parse("enum('a','b,c','it''s','','x\\\\y','n\\n')"))
                .containsExactly("a", "b,c", "it's", "", "x\\y", "n\n");
    }

    @Test
    void cutsNamesThatPostgresCannotHold() {
        String longName = "é".repeat(40);
        assertThat(TargetNames.fitted(longName).getBytes(java.nio.charset.StandardCharsets.UTF_8))
                .hasSizeLessThanOrEqualTo(63);
        assertThat(TargetNames.fitted(longName + "a")).isNotEqualTo(TargetNames.fitted(longName));
        assertThat(TargetNames.fitted("short")).isEqualTo("short");
    }
}
