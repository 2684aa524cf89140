package org.clinicbook.patient;

import java.time.Duration;

/** What kind of animal a patient is. */
public enum Species {

    DOG(20), CAT(20), RABBIT(30), RODENT(15), BIRD(30), REPTILE(40);

    private final int minutes;

    Species(int minutes) {
        this.minutes = minutes;
    }

    /** How long one of these takes on the table. */
    public Duration visitLength() {
        return Duration.ofMinutes(minutes);
    }
}
