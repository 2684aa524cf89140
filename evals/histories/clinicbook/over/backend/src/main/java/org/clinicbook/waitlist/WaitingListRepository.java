package org.clinicbook.waitlist;

import java.util.List;
import java.util.Optional;

import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Query;

interface WaitingListRepository extends JpaRepository<WaitingEntry, Long> {

    @Query("select e from WaitingEntry e where e.servedAt is null order by e.urgency, e.joinedAt")
    List<WaitingEntry> waiting();

    /** Whose turn it is: the most urgent, then the longest waiting, without those who let this very time pass. */
    @Query(nativeQuery = true, value = """
            select e.* from waiting_list e
            where e.served_at is null
              and not exists (select 1 from slot_offer o where o.entry_id = e.id and o.starts_at = :startsAt)
            order by e.urgency, e.joined_at limit 1""")
    Optional<WaitingEntry> next(java.time.Instant startsAt);
}
