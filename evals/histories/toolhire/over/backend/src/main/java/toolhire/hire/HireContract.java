package toolhire.hire;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;

/** One machine for one customer, for a time. */
@Entity
@Table(name = "hire")
public class HireContract {

    public static final String BOOKED = "BOOKED";
    public static final String OUT = "OUT";
    public static final String BACK = "BACK";
    public static final String CANCELLED = "CANCELLED";

    @Id
    private String number;
    private String machineTag;
    private long customerId;
    private Instant startsAt;
    private Instant endsAt;
    private Instant returnedAt;
    private String state;

    protected HireContract() {
    }

    public HireContract(String number, String machineTag, long customerId, Instant startsAt, Instant endsAt) {
        this.number = number;
        this.machineTag = machineTag;
        this.customerId = customerId;
        this.startsAt = startsAt;
        this.endsAt = endsAt;
        this.state = BOOKED;
    }

    void handedOut(Instant now) {
        startsAt = now;
        state = OUT;
    }

    void cancelled() {
        state = CANCELLED;
    }

    public void cameBack(Instant now) {
        returnedAt = now;
        state = BACK;
    }

    public String getNumber() {
        return number;
    }

    public String getMachineTag() {
        return machineTag;
    }

    public long getCustomerId() {
        return customerId;
    }

    public Instant getStartsAt() {
        return startsAt;
    }

    public Instant getEndsAt() {
        return endsAt;
    }

    public Instant getReturnedAt() {
        return returnedAt;
    }

    public String getState() {
        return state;
    }
}
