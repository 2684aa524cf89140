package quaybell.events;

/** The clock fell below the reserve and nobody wanted the lot. */
public record LotPassed(long lotId, int round) {
}
