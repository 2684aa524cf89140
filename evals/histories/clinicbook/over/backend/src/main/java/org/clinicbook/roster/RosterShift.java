package org.clinicbook.roster;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** A vet in a room on a day, from and to by the clock on the wall. */
@Entity
@Table(name = "roster_shift")
public class RosterShift {

    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    private Long id;

    @Column(name = "vet_id", nullable = false)
    private Long vetId;

    @Column(name = "room_id", nullable = false)
    private Long roomId;

    @Column(name = "on_day", nullable = false)
    private LocalDate onDay;

    @Column(name = "from_time", nullable = false)
    private LocalTime fromTime;

    @Column(name = "to_time", nullable = false)
    private LocalTime toTime;

    protected RosterShift() {
    }

    public Long getVetId() {
        return vetId;
    }

    public Long getRoomId() {
        return roomId;
    }

    public Instant startsAt(ZoneId zone) {
        return onDay.atTime(fromTime).atZone(zone).toInstant();
    }

    public Instant endsAt(ZoneId zone) {
        return onDay.atTime(toTime).atZone(zone).toInstant();
    }
}
