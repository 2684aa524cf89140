package toolhire.customer;

import java.time.LocalDate;
import java.util.List;
import org.springframework.data.jpa.repository.JpaRepository;

public interface OperatorCardRepository extends JpaRepository<OperatorCard, Long> {

    boolean existsByCustomerIdAndMachineKindAndValidUntilGreaterThanEqual(
        long customerId, String machineKind, LocalDate day);

    List<OperatorCard> findByCustomerIdOrderByValidUntilDesc(long customerId);
}
