package quaybell.config;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.client.SimpleClientHttpRequestFactory;
import org.springframework.web.client.RestClient;

/** The line to the directorate of fisheries, which is slow on Mondays. */
@Configuration
class DirectorateConfig {

    @Bean
    RestClient directorate(HallProperties hall) {
        var factory = new SimpleClientHttpRequestFactory();
        factory.setConnectTimeout(hall.directorateTimeout());
        factory.setReadTimeout(hall.directorateTimeout());
        return RestClient.builder().baseUrl(hall.directorate().toString()).requestFactory(factory).build();
    }
}
