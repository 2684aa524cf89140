package org.clinicbook.appointment;

import java.time.Clock;

import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Marks what nobody came to. The time is not given to those who wait: it is over. */
@Component
class MissedSweep {

    private final AppointmentRepository appointments;
    private final Clock clock;

    MissedSweep(AppointmentRepository appointments, Clock clock) {
        this.appointments = appointments;
        this.clock = clock;
    }

    @Scheduled(fixedDelayString = "PT1M")
    @Transactional
    void sweep() {
        appointments.notArrived(clock.instant().minus(BookingRules.MISSED_AFTER))
                .forEach(appointment -> appointment.become(Appointment.State.MISSED));
    }
}
