package quaybell.api.dto;

public record SaleDto(long id, long lot, int paddle, int crates, double kronerPerKilo, double kroner) {
}
