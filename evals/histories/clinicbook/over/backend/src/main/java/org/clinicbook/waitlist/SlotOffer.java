package org.clinicbook.waitlist;

import java.time.Instant;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.ManyToOne;
import jakarta.persistence.Table;

import org.clinicbook.appointment.Slot;

/** A freed time that is held for one of those who wait. */
@Entity
@Table(name = "slot_offer")
public class SlotOffer {

    public enum State { OPEN, ACCEPTED, DECLINED, LAPSED }

    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    private Long id;

    @ManyToOne(optional = false)
    private WaitingEntry entry;

    @Column(name = "vet_id")
    private Long vetId;

    @Column(name = "room_id")
    private Long roomId;

    @Column(name = "starts_at")
    private Instant startsAt;

    @Column(name = "ends_at")
    private Instant endsAt;

    @Column(name = "held_until", nullable = false)
    private Instant heldUntil;

    @Column(nullable = false)
    private String state = State.OPEN.name();

    protected SlotOffer() {
    }

    SlotOffer(WaitingEntry entry, Slot slot, Instant heldUntil) {
        this.entry = entry;
        this.vetId = slot.vetId();
        this.roomId = slot.roomId();
        this.startsAt = slot.startsAt();
        this.endsAt = slot.endsAt();
        this.heldUntil = heldUntil;
    }

    WaitingEntry entry() {
        return entry;
    }

    Slot slot() {
        return new Slot(vetId, roomId, startsAt, endsAt);
    }

    boolean isOpen(Instant now) {
        return state.equals(State.OPEN.name()) && now.isBefore(heldUntil);
    }

    void become(State next) {
        state = next.name();
    }
}
