package toolhire.billing;

import java.util.List;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Modifying;
import org.springframework.data.jpa.repository.Query;

public interface InvoiceRepository extends JpaRepository<Invoice, Long> {

    boolean existsByHireNumber(String hireNumber);

    List<Invoice> findByMonthOrderByCustomerId(String month);

    @Modifying
    @Query("update Invoice i set i.state = 'RELEASED' where i.id = :id and i.state = 'DRAFT'")
    int release(long id);
}
