package org.clinicbook.visit;

import java.time.Clock;
import java.util.List;

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
import org.clinicbook.web.NotThereException;

@RestController
@RequestMapping("/api")
class VisitController {

    record Sheet(String findings, Integer weight) {
    }

    record Weighing(java.time.Instant at, int weight) {
    }

    private final VisitRepository visits;
    private final AppointmentRepository appointments;
    private final Clock clock;

    VisitController(VisitRepository visits, AppointmentRepository appointments, Clock clock) {
        this.visits = visits;
        this.appointments = appointments;
        this.clock = clock;
    }

    @PostMapping("/appointments/{id}/visit")
    @ResponseStatus(HttpStatus.CREATED)
    @Transactional
    public Visit recordVisit(@PathVariable long id, @RequestBody Sheet sheet) {
        Appointment appointment = appointments.findById(id)
                .orElseThrow(() -> new NotThereException("appointment", id));
        appointment.become(Appointment.State.DONE);
        return visits.save(new Visit(id, appointment.getPatient().getId(), clock.instant(), sheet.findings(),
                sheet.weight()));
    }

    @GetMapping("/patients/{id}/weights")
    List<Weighing> weightCurve(@PathVariable long id) {
        return visits.findByPatientIdAndWeightNotNullOrderByWrittenAt(id).stream()
                .map(visit -> new Weighing(visit.getWrittenAt(), visit.getWeight()))
                .toList();
    }
}
