package org.clinicbook.reminder;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

import org.clinicbook.appointment.Appointment;
import org.clinicbook.appointment.AppointmentRepository;

/** Reminds keepers of what is booked, once for each appointment. */
@Component
class ReminderJob {

    static final Duration AHEAD = Duration.ofHours(18);

    private static final SecureRandom RANDOM = new SecureRandom();

    private final AppointmentRepository appointments;
    private final ReminderLogRepository log;
    private final MailGateway messages;
    private final Clock clock;
    private final String portal;

    ReminderJob(AppointmentRepository appointments, ReminderLogRepository log, MailGateway messages, Clock clock,
            @Value("${clinic.portal-address}") String portal) {
        this.appointments = appointments;
        this.log = log;
        this.messages = messages;
        this.clock = clock;
        this.portal = portal;
    }

    @Scheduled(cron = "0 */10 * * * *")
    @Transactional
    void sendDue() {
        Instant now = clock.instant();
        appointments.withoutReminder(now, now.plus(AHEAD)).forEach(appointment -> remind(appointment, now));
    }

    private void remind(Appointment appointment, Instant now) {
        String token = newToken();
        String text = appointment.getPatient().getName() + " is expected at " + appointment.getStartsAt()
                + ". Can you come? " + portal + "/a/" + token;
        if (messages.send(appointment.getPatient().getKeeper().getMail(), text)) {
            log.save(new ReminderLog(token, appointment.getId(), now));
        }
    }

    private static String newToken() {
        byte[] bytes = new byte[18];
        RANDOM.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
