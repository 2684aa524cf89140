package toolhire.workshop;

import java.util.List;
import org.springframework.data.jpa.repository.JpaRepository;

public interface WorkshopOrderRepository extends JpaRepository<WorkshopOrder, Long> {

    List<WorkshopOrder> findByDoneAtIsNullOrderByOpenedAt();

    boolean existsByMachineTagAndDoneAtIsNull(String machineTag);
}
