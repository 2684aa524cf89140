package quaybell.events;

/** A weighing was a mistake. */
public record LandingVoided(long landingId, String why) {
}
