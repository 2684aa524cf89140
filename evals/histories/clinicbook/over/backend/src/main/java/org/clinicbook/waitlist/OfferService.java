package org.clinicbook.waitlist;

import java.time.Clock;
import java.time.Duration;

import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.event.TransactionalEventListener;

import org.clinicbook.appointment.Appointment;
import org.clinicbook.appointment.BookingService;
import org.clinicbook.appointment.Slot;
import org.clinicbook.appointment.SlotFreed;
import org.clinicbook.reminder.SmsGateway;
import org.clinicbook.web.NotThereException;

/** Gives time that became free to those who wait, one after the other. */
@Service
public class OfferService {

    /** How long a keeper has to answer before it is somebody else's turn. */
    static final Duration HOLD = Duration.ofMinutes(30);

    private final WaitingListRepository waiting;
    private final SlotOfferRepository offers;
    private final BookingService bookings;
    private final SmsGateway messages;
    private final Clock clock;

    OfferService(WaitingListRepository waiting, SlotOfferRepository offers, BookingService bookings,
            SmsGateway messages, Clock clock) {
        this.waiting = waiting;
        this.offers = offers;
        this.bookings = bookings;
        this.messages = messages;
        this.clock = clock;
    }

    /** After the commit, so that nobody is offered a time whose cancellation was rolled back. */
    @TransactionalEventListener
    @Transactional(propagation = Propagation.REQUIRES_NEW)
    public void onFreed(SlotFreed freed) {
        offer(freed.slot());
    }

    @Transactional
    public Appointment accept(long offerId) {
        SlotOffer offer = offers.findById(offerId).orElseThrow(() -> new NotThereException("offer", offerId));
        if (!offer.isOpen(clock.instant())) {
            throw new NotThereException("open offer", offerId);
        }
        WaitingEntry entry = offer.entry();
        offer.become(SlotOffer.State.ACCEPTED);
        entry.serve(clock.instant());
        return bookings.book(entry.getPatient().getId(), offer.slot(), entry.getReason(), true);
    }

    @Scheduled(fixedDelayString = "PT1M")
    @Transactional
    public void lapse() {
        for (SlotOffer offer : offers.findByStateAndHeldUntilBefore(SlotOffer.State.OPEN.name(), clock.instant())) {
            offer.become(SlotOffer.State.LAPSED);
            offer(offer.slot());
        }
    }

    private void offer(Slot slot) {
        waiting.next(slot.startsAt()).ifPresent(entry -> {
            SlotOffer offer = offers.save(new SlotOffer(entry, slot, clock.instant().plus(HOLD)));
            messages.send(entry.getPatient().getKeeper().getMobileNumber(),
                    "A time became free for " + entry.getPatient().getName() + ": " + offer.slot().startsAt());
        });
    }
}
