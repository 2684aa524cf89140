package org.clinicbook.appointment;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;

import org.springframework.stereotype.Component;

import org.clinicbook.patient.Species;
import org.clinicbook.roster.RosterShift;
import org.clinicbook.roster.RosterShiftRepository;

/** Works out what is free on a day: the shifts of the roster without what is booked. */
@Component
public class SlotFinder {

    private static final Duration STEP = Duration.ofMinutes(10);

    private final AppointmentRepository appointments;
    private final RosterShiftRepository shifts;
    private final Clock clock;

    public SlotFinder(AppointmentRepository appointments, RosterShiftRepository shifts, Clock clock) {
        this.appointments = appointments;
        this.shifts = shifts;
        this.clock = clock;
    }

    public List<Slot> free(LocalDate day, Species species) {
        Duration length = species.visitLength();
        Instant from = day.atStartOfDay(clock.getZone()).toInstant();
        Instant to = day.plusDays(1).atStartOfDay(clock.getZone()).toInstant();
        List<Slot> taken = appointments.takingTime(from, to).stream().map(Appointment::slot).toList();
        List<Slot> free = new ArrayList<>();
        for (RosterShift shift : shifts.onDay(day)) {
            addFree(shift, length, taken, free);
        }
        return free;
    }

    private void addFree(RosterShift shift, Duration length, List<Slot> taken, List<Slot> free) {
        Instant start = shift.startsAt(clock.getZone());
        Instant last = shift.endsAt(clock.getZone()).minus(length);
        for (; !start.isAfter(last); start = start.plus(STEP)) {
            Slot slot = new Slot(shift.getVetId(), shift.getRoomId(), start, start.plus(length));
            if (taken.stream().noneMatch(other -> clash(slot, other))) {
                free.add(slot);
            }
        }
    }

    /** A room needs wiping after a patient, a vet does not. */
    private static boolean clash(Slot one, Slot other) {
        if (one.vetId() == other.vetId() && one.overlaps(other)) {
            return true;
        }
        Slot wiped = new Slot(other.vetId(), other.roomId(), other.startsAt(), other.endsAt().plus(BookingRules.WIPING));
        return one.roomId() == other.roomId() && one.overlaps(wiped);
    }
}
