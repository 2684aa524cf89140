package quaybell.domain;

/** What the hall refuses, with the code that screens translate (`error.CODE` in the i18n files). */
public class HallException extends RuntimeException {

    public enum Kind { NOT_FOUND, CONFLICT, FORBIDDEN, INVALID, PAYMENT }

    private final Kind kind;
    private final String code;

    public HallException(Kind kind, String code, String message) {
        super(message);
        this.kind = kind;
        this.code = code;
    }

    public static HallException notFound(String what) {
        return new HallException(Kind.NOT_FOUND, "unknown", "There is no " + what + ".");
    }

    public static HallException tooLate(String message) {
        return new HallException(Kind.CONFLICT, "too_late", message);
    }

    public static HallException overLimit(int paddle) {
        return new HallException(Kind.PAYMENT, "over_limit", "Paddle " + paddle + " is over its limit.");
    }

    public static HallException invalid(String code, String message) {
        return new HallException(Kind.INVALID, code, message);
    }

    public Kind kind() {
        return kind;
    }

    public String code() {
        return code;
    }
}
