package quaybell;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.scheduling.annotation.EnableScheduling;

/** The auction hall: from the scale on the quay to the gate of the cellar. */
@SpringBootApplication
@ConfigurationPropertiesScan
@EnableScheduling
public class QuaybellApplication {

    public static void main(String[] arguments) {
        SpringApplication.run(QuaybellApplication.class, arguments);
    }
}
