package org.clinicbook.reminder;

import java.time.Instant;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** That a reminder went out, and the link that was in it. */
@Entity
@Table(name = "reminder_log")
public class ReminderLog {

    @Id
    private String token;

    @Column(name = "appointment_id", nullable = false)
    private Long appointmentId;

    @Column(name = "sent_at", nullable = false)
    private Instant sentAt;

    protected ReminderLog() {
    }

    ReminderLog(String token, Long appointmentId, Instant sentAt) {
        this.token = token;
        this.appointmentId = appointmentId;
        this.sentAt = sentAt;
    }

    Long getAppointmentId() {
        return appointmentId;
    }
}
