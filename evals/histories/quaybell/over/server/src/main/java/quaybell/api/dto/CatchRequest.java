package quaybell.api.dto;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Positive;

/** What the scale and the grader say. */
public record CatchRequest(
    @NotBlank String callsign,
    @NotBlank String species,
    @NotBlank String grade,
    @Positive int crates,
    @Positive int grossGrams) {
}
