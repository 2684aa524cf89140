package quaybell.api.dto;

import jakarta.validation.constraints.Positive;

public record CutRequest(@Positive int crates, @Positive int reserve) {
}
