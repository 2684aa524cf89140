package quaybell.api.dto;

import java.time.Instant;

/** What the wall needs to draw the hand by itself between two polls. */
public record ClockDto(LotDto lot, int fromPrice, Instant startedAt, Instant serverTime) {
}
