package toolhire.machine;

import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import java.time.Instant;

/** What the hour meter of an engine showed, and when. */
@Entity
public class MeterReading {

    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    private Long id;
    private String machineTag;
    private int hours;
    private Instant readAt;
    private String source; // yard, return, workshop

    protected MeterReading() {
    }

    public MeterReading(String machineTag, int hours, Instant readAt, String source) {
        this.machineTag = machineTag;
        this.hours = hours;
        this.readAt = readAt;
        this.source = source;
    }

    public int getHours() {
        return hours;
    }

    public Instant getReadAt() {
        return readAt;
    }

    public String getSource() {
        return source;
    }
}
