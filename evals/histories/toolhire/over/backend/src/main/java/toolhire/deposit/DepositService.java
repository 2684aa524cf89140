package toolhire.deposit;

import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Service;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientResponseException;
import toolhire.Refused;

/** Holds on cards, which the card processor keeps for us. ADR 3. */
@Service
public class DepositService {

    static final Duration LAPSES_AFTER = Duration.ofDays(7);

    private final DepositHoldRepository holds;
    private final RestClient processor;
    private final Clock clock;

    DepositService(DepositHoldRepository holds, @Value("${toolhire.processor}") String url, Clock clock) {
        this.holds = holds;
        this.processor = RestClient.create(url);
        this.clock = clock;
    }

    public void hold(String hireNumber, long customerId, long cents) {
        try {
            String reference = reserve(Map.of("customer", customerId, "cents", cents));
            holds.save(new DepositHold(hireNumber, reference, cents, clock.instant().plus(LAPSES_AFTER)));
        } catch (RestClientResponseException error) {
            throw Refused.unpaid("The card was refused.");
        }
    }

    /** The machine came back as it went. */
    public void release(String hireNumber) {
        holds.findByHireNumberAndEndedAtIsNull(hireNumber).ifPresent(hold -> {
            processor.delete().uri("/holds/{reference}", hold.getReference()).retrieve().toBodilessEntity();
            hold.ended(0, clock.instant());
        });
    }

    /** Takes what a damage costs, and at most what is held; the rest goes on the invoice. */
    public long capture(String hireNumber, long cents) {
        DepositHold hold = holds.findByHireNumberAndEndedAtIsNull(hireNumber)
            .orElseThrow(() -> Refused.conflict("There is no hold for " + hireNumber + "."));
        long taken = Math.min(cents, hold.getCents());
        processor.post().uri("/holds/{reference}/capture", hold.getReference())
            .body(Map.of("cents", taken)).retrieve().toBodilessEntity();
        hold.ended(taken, clock.instant());
        return taken;
    }

    private String reserve(Map<String, ?> body) {
        return processor.post().uri("/holds").body(body).retrieve().body(String.class);
    }
}
