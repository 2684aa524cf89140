package quaybell.api.dto;

import jakarta.validation.constraints.Positive;

public record StopRequest(@Positive int paddle, @Positive int crates) {
}
