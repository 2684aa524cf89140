package quaybell.jobs;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.MediaType;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;
import quaybell.store.OutboxStore;

/** Carries reports to the directorate, oldest first. */
@Component
class OutboxRelay {

    private static final Logger LOG = LoggerFactory.getLogger(OutboxRelay.class);
    private static final int AT_ONCE = 20;

    private final OutboxStore outbox;
    private final RestClient directorate;

    OutboxRelay(OutboxStore outbox, RestClient directorate) {
        this.outbox = outbox;
        this.directorate = directorate;
    }

    @Scheduled(fixedDelay = 60_000)
    void carry() {
        for (OutboxStore.Report report : outbox.due(AT_ONCE)) {
            try {
                send(report);
                outbox.sent(report.id());
            } catch (RestClientException error) {
                LOG.warn("Report {} did not get through: {}", report.id(), error.getMessage());
                outbox.failed(report.id(), error.getMessage());
            }
        }
    }

    private void send(OutboxStore.Report report) {
        directorate.post()
            .uri("/v2/{kind}", report.kind())
            .contentType(MediaType.APPLICATION_JSON)
            .body(report.body())
            .retrieve()
            .toBodilessEntity();
    }
}
