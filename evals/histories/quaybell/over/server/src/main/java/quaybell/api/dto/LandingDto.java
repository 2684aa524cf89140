package quaybell.api.dto;

import java.time.Instant;

public record LandingDto(
    long id,
    String callsign,
    String species,
    String speciesName,
    String grade,
    int crates,
    double kilos,
    Instant weighedAt,
    boolean isVoid) {
}
