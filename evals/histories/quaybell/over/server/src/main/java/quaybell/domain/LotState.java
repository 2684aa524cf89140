package quaybell.domain;

public enum LotState {
    WAITING, ON_CLOCK, SOLD, PASSED, MEAL, PULLED
}
