package org.clinicbook.appointment;

import java.time.Instant;

/** A stretch of time that a vet and a room have in common. Slots are worked out when somebody asks; no table has them. */
public record Slot(long vetId, long roomId, Instant startsAt, Instant endsAt) {

    public boolean overlaps(Slot other) {
        return startsAt.isBefore(other.endsAt) && other.startsAt.isBefore(endsAt);
    }
}
