package org.clinicbook.appointment;

/** Somebody else was faster, or the screen is old. */
public class SlotTakenException extends RuntimeException {

    public SlotTakenException(Slot slot, Throwable cause) {
        super("Room " + slot.roomId() + " or vet " + slot.vetId() + " is taken at " + slot.startsAt(), cause);
    }
}
