package toolhire.machine;

import java.util.List;
import java.util.Optional;
import org.springframework.data.jpa.repository.JpaRepository;

public interface MeterReadingRepository extends JpaRepository<MeterReading, Long> {

    Optional<MeterReading> findFirstByMachineTagOrderByReadAtDesc(String machineTag);

    List<MeterReading> findTop20ByMachineTagOrderByReadAtDesc(String machineTag);
}
