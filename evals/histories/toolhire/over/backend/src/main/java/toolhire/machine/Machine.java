package toolhire.machine;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;

/** One machine. The tag is riveted on, such as EX-014. */
@Entity
public class Machine {

    @Id
    private String tag;
    private String kind; // excavator, roller, plate, saw
    private String model;
    private String yard;
    private long dayCents;
    private long depositCents;
    private int hoursAtService;
    private String lockReason;

    protected Machine() {
    }

    public Machine(String tag, String kind, String model, String yard, long dayCents, long depositCents) {
        this.tag = tag;
        this.kind = kind;
        this.model = model;
        this.yard = yard;
        this.dayCents = dayCents;
        this.depositCents = depositCents;
    }

    /** Nobody gets it until it is unlocked. */
    public void lock(String reason) {
        lockReason = reason;
    }

    public void unlock() {
        lockReason = null;
    }

    public boolean isLocked() {
        return lockReason != null;
    }

    public void serviced(int hours) {
        hoursAtService = hours;
        unlock();
    }

    public int hoursSinceService(int hours) {
        return hours - hoursAtService;
    }

    public String getTag() {
        return tag;
    }

    public String getKind() {
        return kind;
    }

    public String getModel() {
        return model;
    }

    public String getYard() {
        return yard;
    }

    public long getDayCents() {
        return dayCents;
    }

    public long getDepositCents() {
        return depositCents;
    }

    public int getHoursAtService() {
        return hoursAtService;
    }

    public String getLockReason() {
        return lockReason;
    }
}
