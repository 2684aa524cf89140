package toolhire.machine;

import java.time.Instant;
import java.util.List;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Query;

public interface MachineRepository extends JpaRepository<Machine, String> {

    List<Machine> findByYardOrderByTag(String yard);

    @Query("""
        select m from Machine m
        where m.kind = :kind
          and not exists (
            select h from HireContract h
            where h.machineTag = m.tag and h.state in ('BOOKED', 'OUT')
              and h.startsAt < :to and h.endsAt > :from)
        order by m.dayCents
        """)
    List<Machine> findFree(String kind, Instant from, Instant to);
}
