package io.landbridge.change;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class RowImageTest {

    @Test
    void noTextOfAUserIsTakenForUnchanged() {
        RowImage image = RowImage.of("UNCHANGED", RowImage.unchanged(), null);

        assertThat(image.isUnchanged(0)).isFalse();
        assertThat(image.isUnchanged(1)).isTrue();
        assertThat(image.isNull(2)).isTrue();
        assertThat(image).isNotEqualTo(RowImage.of("UNCHANGED", "UNCHANGED", null));
    }

    @Test
    void anUnchangedValueHasNoText() {
        assertThatThrownBy(() -> RowImage.of(RowImage.unchanged()).text(0))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void unchangedValuesComeFromTheOlderImage() {
        RowImage older = RowImage.of("1", "big", null);
        RowImage newer = RowImage.of("1", RowImage.unchanged(), "x");

        assertThat(newer.over(older)).isEqualTo(RowImage.of("1", "big", "x"));
    }

    @Test
    void doesNotShowValues() {
        assertThat(RowImage.of("secret").toString()).doesNotContain("secret");
    }
}
