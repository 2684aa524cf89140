package org.clinicbook.visit;

import java.time.Instant;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** What the vet wrote down after an appointment. */
@Entity
@Table(name = "visit")
public class Visit {

    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    private Long id;

    @Column(name = "appointment_id", nullable = false)
    private Long appointmentId;

    @Column(name = "patient_id", nullable = false)
    private Long patientId;

    @Column(name = "written_at", nullable = false)
    private Instant writtenAt;

    private String findings;

    @Column(name = "weight_kg")
    private Integer weight;

    protected Visit() {
    }

    Visit(Long appointmentId, Long patientId, Instant writtenAt, String findings, Integer weight) {
        this.appointmentId = appointmentId;
        this.patientId = patientId;
        this.writtenAt = writtenAt;
        this.findings = findings;
        this.weight = weight;
    }

    public Instant getWrittenAt() {
        return writtenAt;
    }

    public Integer getWeight() {
        return weight;
    }
}
