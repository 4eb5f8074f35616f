package io.landbridge.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.debezium.connector.postgresql.PostgresConnector;
import io.debezium.connector.postgresql.TypeRegistry;
import io.debezium.connector.postgresql.connection.pgoutput.PgOutputMessageDecoder;
import io.landbridge.fault.Fault;
import java.io.IOException;
import java.net.URL;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClassPathOrderTest {

    @Test
    void oursAreLoaded() {
        assertThatCode(ClassPathOrder::check).doesNotThrowAnyException();
    }

    @Test
    void debeziumsOwnAreRefused() {
        assertThatThrownBy(() -> ClassPathOrder.check(List.of(PostgresConnector.class)))
                .isInstanceOfSatisfying(
                        Fault.class, fault -> assertThat(fault.hint()).contains("class path"));
    }

    /** After an upgrade of Debezium that moves or renames one, ours would stand for nothing. */
    @ParameterizedTest
    @ValueSource(classes = {PgOutputMessageDecoder.class, TypeRegistry.class})
    void eachStandsBeforeOneOfDebeziums(Class<?> ours) throws IOException {
        List<URL> found =
                Collections.list(
                        ours.getClassLoader()
                                .getResources(ours.getName().replace('.', '/') + ".class"));
        assertThat(found).hasSize(2);
        assertThat(found.get(1).toString()).contains("debezium-connector-postgres");
    }
}
