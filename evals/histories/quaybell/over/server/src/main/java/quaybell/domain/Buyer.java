package quaybell.domain;

/** Somebody who may stop the clock. `paddle` is the number on the paddle. */
public record Buyer(int paddle, String name, long limitOre, boolean suspended) {
}
