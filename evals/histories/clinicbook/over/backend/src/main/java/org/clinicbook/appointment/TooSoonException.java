package org.clinicbook.appointment;

public class TooSoonException extends RuntimeException {

    public TooSoonException(Slot slot) {
        super(slot.startsAt() + " is too close; tick 'urgent' if it cannot wait");
    }
}
