package org.clinicbook.appointment;

import java.time.Clock;

import org.springframework.context.ApplicationEventPublisher;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

import org.clinicbook.patient.Patient;
import org.clinicbook.patient.PatientRepository;
import org.clinicbook.web.NotThereException;

/** Makes, moves and ends appointments. */
@Service
public class BookingService {

    private final AppointmentRepository appointments;
    private final PatientRepository patients;
    private final ApplicationEventPublisher events;
    private final Clock clock;

    public BookingService(AppointmentRepository appointments, PatientRepository patients,
            ApplicationEventPublisher events, Clock clock) {
        this.appointments = appointments;
        this.patients = patients;
        this.events = events;
        this.clock = clock;
    }

    @Transactional
    public Appointment book(long patientId, Slot slot, String reason, boolean urgent) {
        Patient patient = patients.findById(patientId).orElseThrow(() -> new NotThereException("patient", patientId));
        if (!urgent && slot.startsAt().isBefore(clock.instant().plus(BookingRules.LEAD_TIME))) {
            throw new TooSoonException(slot);
        }
        return keep(new Appointment(patient, slot, reason), slot);
    }

    @Transactional
    public Appointment move(long id, Slot to) {
        Appointment appointment = find(id);
        Slot from = appointment.slot();
        appointment.moveTo(to);
        keep(appointment, to);
        events.publishEvent(new SlotFreed(from));
        return appointment;
    }

    /** Ends it and tells whoever waits that the time is free. Staff may always, keepers only early enough. */
    @Transactional
    public void cancel(long id, boolean byStaff) {
        Appointment appointment = find(id);
        if (!byStaff && clock.instant().isAfter(appointment.getStartsAt().minus(BookingRules.CANCEL_UNTIL))) {
            throw new TooLateException(appointment);
        }
        appointment.become(Appointment.State.CANCELLED);
        events.publishEvent(new SlotFreed(appointment.slot()));
    }

    @Transactional
    public Appointment arrive(long id) {
        Appointment appointment = find(id);
        appointment.become(Appointment.State.ARRIVED);
        return appointment;
    }

    @Transactional
    public void confirm(long id) {
        find(id).become(Appointment.State.CONFIRMED);
    }

    private Appointment find(long id) {
        return appointments.findById(id).orElseThrow(() -> new NotThereException("appointment", id));
    }

    private Appointment keep(Appointment appointment, Slot slot) {
        try {
            return appointments.saveAndFlush(appointment);
        } catch (DataIntegrityViolationException refusal) {
            throw new SlotTakenException(slot, refusal);
        }
    }
}
