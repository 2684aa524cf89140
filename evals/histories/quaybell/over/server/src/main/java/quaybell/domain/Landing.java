package quaybell.domain;

import java.time.Instant;

/** What a vessel brought at one time, as it came over the scale. */
public record Landing(
    long id,
    String vessel,
    String species,
    Grade grade,
    int crates,
    int netGrams,
    Instant weighedAt,
    Instant voidedAt) {

    public boolean isVoided() {
        return voidedAt != null;
    }
}
