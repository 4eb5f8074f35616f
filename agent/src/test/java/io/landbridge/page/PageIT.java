package io.landbridge.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.landbridge.testkit.AgentHome;
import io.landbridge.testkit.AgentProcess;
import io.landbridge.testkit.Await;
import io.landbridge.testkit.Browser;
import io.landbridge.testkit.MysqlTestDatabase;
import io.landbridge.testkit.NastyTransactions;
import io.landbridge.testkit.Proxy;
import io.landbridge.testkit.RowsOf;
import io.landbridge.testkit.Servers;
import io.landbridge.testkit.TestDatabase;
import io.landbridge.testkit.Workload;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.openqa.selenium.Keys;

/** A whole migration, followed and steered from the page alone, in a real browser. */
@Timeout(300)
class PageIT {

    private static final String NAME = "seen_on_the_page";

    /** read_only_sql_transaction: what the fence answers writers with. */
    private static final String REFUSED = "25006";

    private static final String CONFIGURATION =
            """
            tables:
              include: ['*.*']
            cutover:
              observe: 1h
            """;

    private static final Path PICTURES = Path.of("target", "screenshots");

    @Test
    void isFollowedAndCutOverFromThePage() throws Exception {
        TestDatabase source = Servers.source().freshDatabase();
        TestDatabase target = Servers.target().freshDatabase();
        Workload.createTables(source, 2_000);
        try (Workload workload =
                        Workload.start(source.config(), NastyTransactions.all(), 3, 40, 47);
                Connection held = holdKeys(target);
                Proxy way = new Proxy(source.config().host(), source.config().port());
                AgentHome home =
                        new AgentHome(
                                NAME,
                                way.through(source.config()),
                                target.config(),
                                CONFIGURATION)) {
            workload.holdWhenRefused(sqlState -> sqlState.equals(REFUSED));
            way.cut();
            try (AgentProcess first = home.start("run");
                    Browser browser = open(home)) {
                browser.await("#phases [aria-current]", "assessment");
                browser.await("#faults", "SOURCE_UNREACHABLE");
                wellMade(browser, "assessment");
                way.restore();
                browser.await("#phases [aria-current]", "full load");
                browser.await("#tables", "public.pgbench_accounts");
                browser.await("#step", "keys");
                wellMade(browser, "full-load");
                letGo(held);
                target.execute("DROP SCHEMA held CASCADE");
                followed(browser);
                first.kill();
                browser.await("#step", "does not answer");
                browser.picture("agent-gone");
                try (AgentProcess second = home.start("run")) {
                    browser.await("#step", "Following");
                    assertThat(browser.errors()).allMatch(error -> error.contains("net::ERR_"));
                    steer(browser, workload);
                    RowsOf.assertEqual(source, target);
                    assertThat(second.stop(Duration.ofMinutes(1))).isZero();
                }
            }
        }
    }

    @Test
    void showsASourceWithABinaryLog() throws Exception {
        MysqlTestDatabase source = Servers.mysql().freshDatabase();
        TestDatabase target = Servers.target().freshDatabase();
        source.execute(
                "CREATE TABLE t (id int PRIMARY KEY, v varchar(20))",
                "INSERT INTO t VALUES (1, 'one'), (2, 'two')");
        try (AgentHome home =
                        new AgentHome("mysql_on_the_page", source.config(), target.config(), "");
                AgentProcess agent = home.start("run")) {
            try (Browser browser = open(home)) {
                browser.await("#step", "Following");
                browser.await("#tables", source.name() + ".t");
                browser.awaitTrue(
                        "the log's retention is told",
                        "return /Log kept by the source\\n.*(purged in|no limit is set)/"
                                + ".test(document.getElementById('figures').innerText)");
                wellMade(browser, "following-mysql");
            }
            assertThat(agent.stop(Duration.ofMinutes(1))).isZero();
        }
    }

    /**
     * Makes the target wait before it builds keys, until it is {@link #letGo}: the load stands
     * still for its picture.
     */
    private static Connection holdKeys(TestDatabase target) throws SQLException {
        target.execute(
                "CREATE SCHEMA held",
                "CREATE FUNCTION held.wait() RETURNS event_trigger LANGUAGE plpgsql AS"
                        + " $$BEGIN IF current_query() ~* 'primary key' THEN"
                        + " PERFORM pg_advisory_xact_lock_shared(47); END IF; END$$",
                "CREATE EVENT TRIGGER held ON ddl_command_start WHEN TAG IN ('CREATE INDEX',"
                        + " 'ALTER TABLE') EXECUTE FUNCTION held.wait()");
        Connection held = target.connect();
        try (Statement statement = held.createStatement()) {
            statement.execute("SELECT pg_advisory_lock(47)");
        }
        return held;
    }

    private static void letGo(Connection held) throws SQLException {
        try (Statement statement = held.createStatement()) {
            statement.execute("SELECT pg_advisory_unlock(47)");
        }
    }

    private static Browser open(AgentHome home) {
        Await.until("the agent serves", Duration.ofMinutes(1), () -> serves(home));
        return new Browser(home.page(), PICTURES);
    }

    private static boolean serves(AgentHome home) {
        try {
            return home.status().has("stage");
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void followed(Browser browser) {
        browser.await("#phases [aria-current]", "cdc");
        browser.await("#name", NAME);
        browser.await("#log", "stream open");
        browser.await("#figures", "streaming");
        browser.await("#step", "Following");
        wellMade(browser, "following");
    }

    private static void steer(Browser browser, Workload workload) {
        byKeyboard(browser, "validate");
        browser.await("#validation-summary", "clean");
        browser.awaitTrue(
                "changes of a table are counted",
                "return [...document.querySelectorAll('#tables tr')]"
                        + ".some(row => parseInt(row.lastElementChild.innerText) > 0)");
        browser.await("#reports", "validation-");
        wellMade(browser, "validated");

        refused(browser, "mode", "kafka");
        byKeyboard(browser, "rehearse");
        browser.await("#attempt", "dry-run: done");

        byKeyboard(browser, "cutover");
        browser.await("#phases [aria-current]", "monitoring");
        browser.await("#steps", "release done");
        browser.await("#figures", "Log kept by the target");
        wellMade(browser, "monitoring");

        workload.stop();
        byKeyboard(browser, "finish");
        browser.await("#phases [aria-current]", "complete");
        browser.await("#figures", "none, done");
        wellMade(browser, "complete");
        phone(browser);
    }

    /** Asks for {@code action} without a mouse, and leaves again once it is told why not. */
    private static void refused(Browser browser, String action, String why) {
        ask(browser, action);
        browser.await("#confirm-error", why);
        // A browser counts the answer itself among a page's errors.
        assertThat(browser.errors()).allMatch(error -> error.contains("api/v1/" + action));
        browser.picture("refused-" + action);
        browser.type(Keys.ESCAPE);
        awaitClosed(browser, action);
    }

    /** Asks for {@code action} without a mouse; a wrong name does nothing. */
    private static void byKeyboard(Browser browser, String action) {
        ask(browser, action);
        awaitClosed(browser, action);
    }

    private static void ask(Browser browser, String action) {
        String button = "#actions [data-action=" + action + "]";
        Await.until(
                action + " is offered",
                Duration.ofMinutes(1),
                () -> !browser.text(button).isEmpty());
        for (int tab = 0;
                !browser.script("return document.activeElement.dataset.action || ''")
                        .equals(action);
                tab++) {
            assertThat(tab).as("tabs until %s has the focus", action).isLessThan(30);
            browser.type(Keys.TAB);
        }
        browser.type(Keys.ENTER);
        browser.type("another");
        assertThat(browser.find("#confirm-do").isEnabled()).isFalse();
        browser.type(Keys.chord(Keys.CONTROL, "a"), NAME);
        assertThat(browser.find("#confirm-do").isEnabled()).isTrue();
        browser.picture("asking-for-" + action);
        browser.type(Keys.ENTER);
    }

    private static void awaitClosed(Browser browser, String action) {
        Await.until(
                action + " is accepted; else " + browser.text("#confirm-error"),
                Duration.ofMinutes(1),
                () ->
                        browser.script("return document.getElementById('confirm').open")
                                .equals(false));
    }

    private static void wellMade(Browser browser, String name) {
        for (boolean dark : new boolean[] {false, true}) {
            browser.dark(dark);
            browser.picture(name + (dark ? "-dark" : ""));
            assertThat(browser.accessibilityViolations()).as(name).isEmpty();
        }
        browser.dark(false);
        assertThat(browser.errors()).as(name).isEmpty();
    }

    /** Nothing is cut off on a narrow screen, whatever must scroll does so by itself. */
    private static void phone(Browser browser) {
        browser.resize(390, 844);
        browser.picture("phone");
        assertThat(
                        browser.script(
                                "return document.documentElement.scrollWidth"
                                        + " - document.documentElement.clientWidth"))
                .isEqualTo(0L);
    }
}
