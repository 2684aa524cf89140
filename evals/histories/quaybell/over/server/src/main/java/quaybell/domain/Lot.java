package quaybell.domain;

/** Crates of one species, grade and landing that are sold together. Prices are in øre per kilogram. */
public record Lot(
    long id,
    long landingId,
    String species,
    Grade grade,
    int crates,
    int grams,
    int reserve,
    int round,
    LotState state) {

    /** The weight of some of its crates, as if all were equally full. */
    public int gramsOf(int some) {
        return Math.round((float) grams * some / crates);
    }

    public boolean isFirstRound() {
        return round == 1;
    }
}
