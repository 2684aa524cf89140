package org.clinicbook.reminder;

import java.time.Clock;
import java.time.Instant;

import org.springframework.http.HttpStatus;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

import org.clinicbook.appointment.Appointment;
import org.clinicbook.appointment.AppointmentRepository;
import org.clinicbook.appointment.BookingService;
import org.clinicbook.web.NotThereException;

/** What a keeper can do without an account: look at the appointment of a message, and say yes or no. */
@RestController
@RequestMapping("/api/links/{token}")
class LinkController {

    enum Answer { COMING, NOT_COMING }

    record Told(String patient, Instant startsAt, Appointment.State state) {
    }

    private final ReminderLogRepository log;
    private final AppointmentRepository appointments;
    private final BookingService bookings;
    private final Clock clock;

    LinkController(ReminderLogRepository log, AppointmentRepository appointments, BookingService bookings,
            Clock clock) {
        this.log = log;
        this.appointments = appointments;
        this.bookings = bookings;
        this.clock = clock;
    }

    @GetMapping
    Told openLink(@PathVariable String token) {
        Appointment appointment = appointments.findById(reminder(token).getAppointmentId()).orElseThrow();
        return new Told(appointment.getPatient().getName(), appointment.getStartsAt(), appointment.getState());
    }

    @PostMapping("/answer")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Transactional
    public void answerLink(@PathVariable String token, @RequestBody Answer answer) {
        ReminderLog reminder = reminder(token);
        if (answer == Answer.COMING) {
            bookings.confirm(reminder.getAppointmentId());
        } else {
            bookings.cancel(reminder.getAppointmentId(), false);
        }
    }

    private ReminderLog reminder(String token) {
        return log.findById(token).orElseThrow(() -> new NotThereException("link", token));
    }
}
