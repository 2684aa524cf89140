package toolhire.returns;

import java.util.List;
import java.util.Optional;
import org.springframework.data.jpa.repository.JpaRepository;

public interface ReturnInspectionRepository extends JpaRepository<ReturnInspection, Long> {

    List<ReturnInspection> findByDamagedTrueAndDamageCentsIsNullOrderBySeenAt();

    Optional<ReturnInspection> findByHireNumber(String hireNumber);
}
