package org.clinicbook.reminder;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalTime;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuietHoursTest {

    @ParameterizedTest
    @CsvSource({"20:59, false", "21:00, true", "00:00, true", "03:00, true", "07:59, true", "08:00, false"})
    void theyGoOverMidnight(LocalTime time, boolean isQuiet) {
        assertThat(QuietHours.cover(time)).isEqualTo(isQuiet);
    }
}
