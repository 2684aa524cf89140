package quaybell.events;

/** A catch went over the scale. */
public record LandingWeighed(long landingId, String vessel, String species, int netGrams) {
}
