package org.clinicbook.waitlist;

import java.time.Clock;
import java.util.List;

import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

import org.clinicbook.appointment.Appointment;
import org.clinicbook.patient.PatientRepository;
import org.clinicbook.web.NotThereException;

@RestController
@RequestMapping("/api")
class WaitingListController {

    record Joining(long patientId, int urgency, String reason) {
    }

    private final WaitingListRepository waiting;
    private final PatientRepository patients;
    private final OfferService offers;
    private final Clock clock;

    WaitingListController(WaitingListRepository waiting, PatientRepository patients, OfferService offers, Clock clock) {
        this.waiting = waiting;
        this.patients = patients;
        this.offers = offers;
        this.clock = clock;
    }

    @GetMapping("/waiting-list")
    List<WaitingEntry> listWaiting() {
        return waiting.waiting();
    }

    @PostMapping("/waiting-list")
    @ResponseStatus(HttpStatus.CREATED)
    WaitingEntry joinWaitingList(@RequestBody Joining joining) {
        var patient = patients.findById(joining.patientId())
                .orElseThrow(() -> new NotThereException("patient", joining.patientId()));
        return waiting.save(new WaitingEntry(patient, joining.urgency(), joining.reason(), clock.instant()));
    }

    @PostMapping("/offers/{offerId}/acceptance")
    Appointment acceptOffer(@PathVariable long offerId) {
        return offers.accept(offerId);
    }
}
