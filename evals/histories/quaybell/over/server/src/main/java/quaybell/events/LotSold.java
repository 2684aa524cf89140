package quaybell.events;

/** Somebody stopped the clock and took crates. */
public record LotSold(long saleId, long lotId, int paddle, long ore) {
}
