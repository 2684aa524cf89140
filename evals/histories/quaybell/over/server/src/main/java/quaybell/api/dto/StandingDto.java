package quaybell.api.dto;

public record StandingDto(int paddle, String name, long limit, long open, long left, boolean suspended) {
}
