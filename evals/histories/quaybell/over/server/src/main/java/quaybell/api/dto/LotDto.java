package quaybell.api.dto;

public record LotDto(
    long id,
    long landing,
    String speciesName,
    String grade,
    int crates,
    double kilos,
    double reserveKroner,
    String state) {
}
