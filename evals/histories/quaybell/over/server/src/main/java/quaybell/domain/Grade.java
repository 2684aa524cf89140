package quaybell.domain;

/** How good a catch is, judged by eye and nose at the scale. */
public enum Grade {
    EXTRA, A, B, MEAL;

    /** Meal is never put under the clock. */
    public boolean isAuctioned() {
        return this != MEAL;
    }
}
