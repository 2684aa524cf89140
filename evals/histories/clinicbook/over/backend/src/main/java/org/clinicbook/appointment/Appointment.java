package org.clinicbook.appointment;

import java.time.Duration;
import java.time.Instant;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.ManyToOne;
import jakarta.persistence.Table;

import org.clinicbook.patient.Patient;

/** A patient, a vet and a room for a stretch of time. */
@Entity
@Table(name = "appointment")
public class Appointment {

    public enum State { BOOKED, CONFIRMED, ARRIVED, DONE, CANCELLED, MISSED }

    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    private Long id;

    @ManyToOne(optional = false)
    private Patient patient;

    @Column(name = "vet_id", nullable = false)
    private Long vetId;

    @Column(name = "room_id", nullable = false)
    private Long roomId;

    @Column(name = "starts_at", nullable = false)
    private Instant startsAt;

    @Column(name = "ends_at", nullable = false)
    private Instant endsAt;

    @Enumerated(EnumType.STRING)
    private State state = State.BOOKED;

    private String reason;

    protected Appointment() {
    }

    public Appointment(Patient patient, Slot slot, String reason) {
        this.patient = patient;
        this.reason = reason;
        moveTo(slot);
    }

    public void moveTo(Slot slot) {
        vetId = slot.vetId();
        roomId = slot.roomId();
        startsAt = slot.startsAt();
        endsAt = slot.endsAt();
    }

    /** Takes the state that follows, and refuses what comes after the end. */
    public void become(State next) {
        if (state == State.DONE || state == State.CANCELLED) {
            throw new IllegalStateException("The appointment is " + state + " and cannot become " + next);
        }
        state = next;
    }

    public Slot slot() {
        return new Slot(vetId, roomId, startsAt, endsAt);
    }

    public Duration length() {
        return Duration.between(startsAt, endsAt);
    }

    public Long getId() {
        return id;
    }

    public Patient getPatient() {
        return patient;
    }

    public void setPatient(Patient patient) {
        this.patient = patient;
    }

    public Instant getStartsAt() {
        return startsAt;
    }

    public String getReason() {
        return reason;
    }

    public State getState() {
        return state;
    }
}
