package io.landbridge.buffer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class BigTransactionTest {

    @TempDir Path directory;

    @Test
    @Timeout(300)
    void passesFiveMillionRowsThroughSmallHeapAndSmallBound() throws Exception {
        try (ChildJvm child =
                ChildJvm.start(BigTransaction.class, "64m", directory.toString(), "5000000")) {
            String last = null;
            for (String line = child.readLine(); line != null; line = child.readLine()) {
                last = line;
            }
            assertThat(last).isEqualTo("read 5000000 segments 1");
            assertThat(child.waitFor()).isZero();
        }
    }
}
