package quaybell.config;

import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** One source of time, so that tests can stop it. */
@Configuration
class TimeConfig {

    @Bean
    Clock systemClock(HallProperties hall) {
        return Clock.system(hall.zone());
    }
}
