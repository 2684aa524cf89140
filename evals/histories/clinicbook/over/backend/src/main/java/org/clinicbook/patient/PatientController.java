package org.clinicbook.patient;

import java.util.List;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

import org.clinicbook.web.NotThereException;

@RestController
@RequestMapping("/api/patients")
class PatientController {

    private final PatientRepository patients;
    private final PatientMerger merger;

    PatientController(PatientRepository patients, PatientMerger merger) {
        this.patients = patients;
        this.merger = merger;
    }

    @GetMapping
    List<Patient> searchPatients(@RequestParam String text) {
        return patients.search(text.strip());
    }

    @GetMapping("/{id}")
    Patient patientCard(@PathVariable long id) {
        return patients.findById(id).orElseThrow(() -> new NotThereException("patient", id));
    }

    @PostMapping("/{id}/merge")
    Patient mergePatients(@PathVariable long id, @RequestParam long into) {
        return merger.merge(id, into);
    }
}
