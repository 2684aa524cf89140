package org.clinicbook.patient;

import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

import org.clinicbook.appointment.AppointmentRepository;
import org.clinicbook.visit.VisitRepository;
import org.clinicbook.web.NotThereException;

/** Two cards of one animal become one: all that hangs on the first goes to the second. */
@Service
class PatientMerger {

    private final PatientRepository patients;
    private final AppointmentRepository appointments;
    private final VisitRepository visits;

    PatientMerger(PatientRepository patients, AppointmentRepository appointments, VisitRepository visits) {
        this.patients = patients;
        this.appointments = appointments;
        this.visits = visits;
    }

    @Transactional
    Patient merge(long goneId, long keptId) {
        if (goneId == keptId) {
            throw new IllegalArgumentException("A patient cannot be merged into itself");
        }
        Patient gone = find(goneId);
        Patient kept = find(keptId);
        appointments.handOver(goneId, keptId);
        visits.handOver(goneId, keptId);
        gone.becomeThe(kept);
        return kept;
    }

    private Patient find(long id) {
        return patients.findById(id).orElseThrow(() -> new NotThereException("patient", id));
    }
}
