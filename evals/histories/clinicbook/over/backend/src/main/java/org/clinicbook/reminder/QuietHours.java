package org.clinicbook.reminder;

import java.time.LocalTime;

/** When no telephone of a keeper should buzz. */
final class QuietHours {

    static final LocalTime BEGIN = LocalTime.of(21, 0);
    static final LocalTime END = LocalTime.of(8, 0);

    private QuietHours() {
    }

    /** They go over midnight: from BEGIN in the evening to END in the morning. */
    static boolean cover(LocalTime time) {
        return !time.isBefore(BEGIN) || time.isBefore(END);
    }
}
