package io.landbridge.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.landbridge.config.DatabaseConfig.Kind;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DatabaseUrlTest {

    @Test
    void partsArePercentDecoded() {
        DatabaseUrl url = DatabaseUrl.parse("postgresql://a%40b:p%2Fw+%E2%82%AC@h/d%20b");
        assertThat(url.user()).hasValue("a@b");
        assertThat(url.password().orElseThrow().reveal()).isEqualTo("p/w+€");
        assertThat(url.database()).isEqualTo("d b");
        assertThat(url.port()).isEqualTo(5432);
    }

    @Test
    void passwordMayHoldColonAndAt() {
        DatabaseUrl url = DatabaseUrl.parse("postgres://u:a:b@c@h:1/d");
        assertThat(url.password().orElseThrow().reveal()).isEqualTo("a:b@c");
        assertThat(url.host()).isEqualTo("h");
        assertThat(url.port()).isEqualTo(1);
    }

    @Test
    void ipv6KeepsItsBracketsForTheDriver() {
        assertThat(DatabaseUrl.parse("postgresql://[::1]/d").host()).isEqualTo("[::1]");
        DatabaseUrl url = DatabaseUrl.parse("jdbc:postgresql://[fe80::1]:6000/d");
        assertThat(url.host()).isEqualTo("[fe80::1]");
        assertThat(url.port()).isEqualTo(6000);
    }

    @Test
    void jdbcFormTakesUserAndPasswordAsParameters() {
        DatabaseUrl url =
                DatabaseUrl.parse("jdbc:postgresql://h/d?user=u&password=a+b%2B&sslmode=require");
        assertThat(url.user()).hasValue("u");
        assertThat(url.password().orElseThrow().reveal()).isEqualTo("a b+");
        assertThat(url.parameters()).isEqualTo(Map.of("sslmode", "require"));
    }

    @Test
    void libpqsNamesBecomeTheDrivers() {
        assertThat(DatabaseUrl.parse("postgresql://h/d?channel_binding=require").parameters())
                .isEqualTo(Map.of("channelBinding", "require"));
    }

    @Test
    void mysqlIsAKindOfItsOwn() {
        DatabaseUrl url = DatabaseUrl.parse("mysql://u@h/d?connectTimeout=3");
        assertThat(url.kind()).isEqualTo(Kind.MYSQL);
        assertThat(url.port()).isEqualTo(3306);
        assertThat(url.parameters()).containsEntry("connectTimeout", "3");
    }

    @Test
    void mariadbIsAKindOfItsOwn() {
        DatabaseUrl url = DatabaseUrl.parse("mariadb://u@h/d");
        assertThat(url.kind()).isEqualTo(Kind.MARIADB);
        assertThat(url.port()).isEqualTo(3306);
    }

    @Test
    void textFormHidesThePassword() {
        assertThat(DatabaseUrl.parse("postgresql://u:hunter2@h/d").toString())
                .doesNotContain("hunter2");
    }
}
