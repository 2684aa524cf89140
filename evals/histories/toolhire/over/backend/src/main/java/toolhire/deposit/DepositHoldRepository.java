package toolhire.deposit;

import java.util.Optional;
import org.springframework.data.jpa.repository.JpaRepository;

public interface DepositHoldRepository extends JpaRepository<DepositHold, Long> {

    Optional<DepositHold> findByHireNumberAndEndedAtIsNull(String hireNumber);
}
