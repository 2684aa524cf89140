package org.clinicbook.waitlist;

import java.time.Instant;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.ManyToOne;
import jakarta.persistence.Table;

import org.clinicbook.patient.Patient;

/** A patient that would come earlier if something became free. */
@Entity
@Table(name = "waiting_list")
public class WaitingEntry {

    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    private Long id;

    @ManyToOne(optional = false)
    private Patient patient;

    /** 1 is pain, 2 is worry, 3 is routine. */
    private int urgency = 3;

    private String reason;

    @Column(name = "joined_at", nullable = false)
    private Instant joinedAt;

    @Column(name = "served_at")
    private Instant servedAt;

    protected WaitingEntry() {
    }

    public WaitingEntry(Patient patient, int urgency, String reason, Instant joinedAt) {
        this.patient = patient;
        this.urgency = urgency;
        this.reason = reason;
        this.joinedAt = joinedAt;
    }

    public Long getId() {
        return id;
    }

    public int getUrgency() {
        return urgency;
    }

    public Instant getJoinedAt() {
        return joinedAt;
    }

    public Patient getPatient() {
        return patient;
    }

    public String getReason() {
        return reason;
    }

    void serve(Instant now) {
        servedAt = now;
    }
}
