package io.landbridge.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.landbridge.change.TableId;
import org.junit.jupiter.api.Test;

class SqlTest {

    @Test
    void quotesEveryIdentifier() {
        assertThat(Sql.quote("orders")).isEqualTo("\"orders\"");
        assertThat(Sql.quote(new TableId("my \"own\"", "Sel.ect")))
                .isEqualTo("\"my \"\"own\"\"\".\"Sel.ect\"");
    }

    @Test
    void quotesLiteralsForEitherReadingOfBackslashes() {
        assertThat(Sql.literal("it's")).isEqualTo("'it''s'");
        assertThat(Sql.literal("a\\'b")).isEqualTo(" E'a\\\\''b'");
    }

    @Test
    void refusesWhatCannotBeAName() {
        assertThatThrownBy(() -> Sql.quote("")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Sql.quote("a\0b")).isInstanceOf(IllegalArgumentException.class);
    }
}
