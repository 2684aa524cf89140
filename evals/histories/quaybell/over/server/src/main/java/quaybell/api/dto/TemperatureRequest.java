package quaybell.api.dto;

public record TemperatureRequest(double celsius) {
}
