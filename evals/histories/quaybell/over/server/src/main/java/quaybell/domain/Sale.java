package quaybell.domain;

import java.time.Instant;

/** A part of a lot that a buyer has taken. */
public record Sale(long id, long lotId, int paddle, int crates, int grams, int pricePerKilo, Instant soldAt) {

    public long ore() {
        return Math.round((double) grams * pricePerKilo / 1000);
    }
}
