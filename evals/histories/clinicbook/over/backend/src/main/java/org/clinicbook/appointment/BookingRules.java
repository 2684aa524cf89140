package org.clinicbook.appointment;

import java.time.Duration;

/** The numbers of the house. They are agreed upon at the monthly meeting, and changed by a commit that says why. */
public final class BookingRules {

    /** Nothing is booked closer than this, unless it is urgent. */
    public static final Duration LEAD_TIME = Duration.ofMinutes(45);

    /** Until when a keeper may cancel without talking to anybody. */
    public static final Duration CANCEL_UNTIL = Duration.ofHours(24);

    /** After this an appointment whose patient has not arrived counts as missed. */
    public static final Duration MISSED_AFTER = Duration.ofMinutes(15);

    /** Between two patients in one room: it is wiped. */
    public static final Duration WIPING = Duration.ofMinutes(5);

    private BookingRules() {
    }
}
