package io.landbridge.testkit;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.JavascriptExecutor;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** A real headless Chromium: Debian's own, with its chromedriver. */
public final class Browser implements AutoCloseable {

    private static final Duration SOON = Duration.ofMinutes(1);
    private static final String AXE = "/META-INF/resources/webjars/axe-core/4.6.3/axe.min.js";

    private final ChromeDriver driver;
    private final Path pictures;

    /** Opens {@code url}; pictures go to {@code pictures}, which is made. */
    public Browser(URI url, Path pictures) {
        this.pictures = pictures;
        ChromeOptions options = new ChromeOptions();
        options.setBinary("/usr/bin/chromium");
        // Chromium's own sandbox refuses to run as root, which tests in containers are.
        options.addArguments("--headless=new", "--no-sandbox", "--disable-dev-shm-usage");
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        options.setCapability("goog:loggingPrefs", logs);
        driver =
                new ChromeDriver(
                        new ChromeDriverService.Builder()
                                .usingDriverExecutable(new File("/usr/bin/chromedriver"))
                                .build(),
                        options);
        resize(1280, 1000);
        driver.get(url.toString());
    }

    public void resize(int width, int height) {
        driver.manage().window().setSize(new Dimension(width, height));
    }

    public void dark(boolean dark) {
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of(
                        "features",
                        List.of(
                                Map.of(
                                        "name",
                                        "prefers-color-scheme",
                                        "value",
                                        dark ? "dark" : "light"))));
    }

    public WebElement find(String css) {
        return driver.findElement(By.cssSelector(css));
    }

    /** What stands in the first element that {@code css} names; empty without one. */
    public String text(String css) {
        return script(
                        "const e = document.querySelector(arguments[0]);"
                                + " return e ? e.innerText : ''",
                        css)
                .toString();
    }

    /** Waits until {@code text} stands in what {@code css} names. */
    public void await(String css, String text) {
        try {
            Await.until(css + " has '" + text + "'", SOON, () -> text(css).contains(text));
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + "; it has '" + text(css) + "'", e);
        }
    }

    /** Waits until {@code script} returns true. */
    public void awaitTrue(String what, String script) {
        Await.until(what, SOON, () -> script(script).equals(true));
    }

    /** The keyboard, wherever the focus is. */
    public void type(CharSequence... keys) {
        driver.switchTo().activeElement().sendKeys(keys);
    }

    public Object script(String script, Object... arguments) {
        return ((JavascriptExecutor) driver).executeScript(script, arguments);
    }

    /** Errors on its console since it was last asked. */
    public List<String> errors() {
        return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
                .filter(entry -> entry.getLevel().equals(Level.SEVERE))
                .map(LogEntry::getMessage)
                .toList();
    }

    /** Keeps a picture of the whole page. */
    public void picture(String name) {
        try {
            Files.createDirectories(pictures);
            Files.write(pictures.resolve(name + ".png"), driver.getScreenshotAs(OutputType.BYTES));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What axe finds against WCAG 2.1 AA: contrast, names, roles; empty when all is well. */
    public List<?> accessibilityViolations() {
        try (InputStream axe = Browser.class.getResourceAsStream(AXE)) {
            // As a command of the debugger: the page's own policy lets no foreign script in.
            driver.executeCdpCommand(
                    "Runtime.evaluate",
                    Map.of(
                            "expression",
                            new String(axe.readAllBytes(), StandardCharsets.UTF_8) + ";0"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return (List<?>)
                driver.executeAsyncScript(
                        "const done = arguments[0];"
                                + " axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa']})"
                                + ".then(r => done(r.violations.map(v => v.id + ': '"
                                + " + v.nodes.map(n => n.html).join(' ; '))))");
    }

    @Override
    public void close() {
        driver.quit();
    }
}
