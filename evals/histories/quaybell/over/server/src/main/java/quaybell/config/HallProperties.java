package quaybell.config;

import java.net.URI;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/** What an operator may set, `hall.*` in application.yml. The speed of the clock is not among it, see AuctionClock. */
@ConfigurationProperties("hall")
public record HallProperties(
    @DefaultValue("Europe/Oslo") ZoneId zone,
    @DefaultValue("22:30") LocalTime dayClose,
    URI directorate,
    @DefaultValue("PT20S") Duration directorateTimeout,
    Flags flags) {

    /** Switches that are off until the hall master says so. */
    public record Flags(
        @DefaultValue("false") boolean certifiedFirst,
        @DefaultValue("true") boolean reports,
        @DefaultValue("false") boolean remoteBids) {
    }
}
