package toolhire.hire;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Modifying;
import org.springframework.data.jpa.repository.Query;

public interface HireContractRepository extends JpaRepository<HireContract, String> {

    Optional<HireContract> findByNumberAndState(String number, String state);

    List<HireContract> findByStateAndReturnedAtBetween(String state, Instant from, Instant to);

    List<HireContract> findByCustomerIdOrderByStartsAtDesc(long customerId);

    @Query("""
        select count(h) from HireContract h
        where h.machineTag = :tag and h.state in ('BOOKED', 'OUT') and h.startsAt < :to and h.endsAt > :from
        """)
    long countOverlapping(String tag, Instant from, Instant to);

    @Query(value = "select 'H' || nextval('hire_number')", nativeQuery = true)
    String nextNumber();

    @Modifying
    @Query("update HireContract h set h.endsAt = :until where h.number = :number and h.state = 'OUT'")
    int moveEnd(String number, Instant until);
}
