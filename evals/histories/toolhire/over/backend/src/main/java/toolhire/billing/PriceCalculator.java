package toolhire.billing;

import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import org.springframework.stereotype.Component;

/** What a machine costs for a time. */
@Component
public class PriceCalculator {

    static final ZoneId YARD = ZoneId.of("Europe/Vienna");

    /** Every calendar day on which the machine was out, if only for an hour. ADR 2. */
    public long cents(Instant from, Instant to, long dayCents) {
        return dayCents * days(from, to);
    }

    private long days(Instant from, Instant to) {
        return ChronoUnit.DAYS.between(from.atZone(YARD).toLocalDate(), to.atZone(YARD).toLocalDate()) + 1;
    }
}
