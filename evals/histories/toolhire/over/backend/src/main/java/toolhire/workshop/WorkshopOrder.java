package toolhire.workshop;

import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;

/** Work on one machine. Fitters call it a job card, and so does the table. */
@Entity
@Table(name = "job_card")
public class WorkshopOrder {

    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    private Long id;
    private String machineTag;
    private String reason;
    private Instant openedAt;
    private Instant doneAt;

    protected WorkshopOrder() {
    }

    WorkshopOrder(String machineTag, String reason, Instant openedAt) {
        this.machineTag = machineTag;
        this.reason = reason;
        this.openedAt = openedAt;
    }

    void done(Instant now) {
        doneAt = now;
    }

    public Long getId() {
        return id;
    }

    public String getMachineTag() {
        return machineTag;
    }

    public String getReason() {
        return reason;
    }

    public Instant getOpenedAt() {
        return openedAt;
    }
}
