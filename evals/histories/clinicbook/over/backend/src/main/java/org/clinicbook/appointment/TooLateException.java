package org.clinicbook.appointment;

public class TooLateException extends RuntimeException {

    public TooLateException(Appointment appointment) {
        super("Appointment " + appointment.getId() + " begins too soon to be cancelled online; please call");
    }
}
