package org.clinicbook;

import java.time.Clock;
import java.time.ZoneId;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.scheduling.annotation.EnableScheduling;

@SpringBootApplication
@EnableScheduling
public class ClinicbookApplication {

    public static void main(String[] arguments) {
        SpringApplication.run(ClinicbookApplication.class, arguments);
    }

    /** The clock of the clinic. Everything asks it for the time, so that tests can stop it. */
    @Bean
    Clock clock(@Value("${clinic.time-zone}") String zone) {
        return Clock.system(ZoneId.of(zone));
    }
}
