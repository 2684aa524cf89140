package org.clinicbook.appointment;

/** Published after a cancellation or a move. */
public record SlotFreed(Slot slot) {
}
