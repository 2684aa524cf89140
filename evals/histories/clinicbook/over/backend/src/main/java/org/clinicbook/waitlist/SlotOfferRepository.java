package org.clinicbook.waitlist;

import java.time.Instant;
import java.util.List;

import org.springframework.data.jpa.repository.JpaRepository;

interface SlotOfferRepository extends JpaRepository<SlotOffer, Long> {

    List<SlotOffer> findByStateAndHeldUntilBefore(String state, Instant now);
}
