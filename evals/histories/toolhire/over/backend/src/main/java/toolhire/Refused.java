package toolhire;

import org.springframework.http.HttpStatus;
import org.springframework.web.server.ResponseStatusException;

/** What the service does not do, with the sentence that the counter shows. */
public class Refused extends ResponseStatusException {

    private Refused(HttpStatus status, String why) {
        super(status, why);
    }

    public static Refused unknown(String what) {
        return new Refused(HttpStatus.NOT_FOUND, "There is no " + what + ".");
    }

    public static Refused conflict(String why) {
        return new Refused(HttpStatus.CONFLICT, why);
    }

    public static Refused unpaid(String why) {
        return new Refused(HttpStatus.PAYMENT_REQUIRED, why);
    }

    public static Refused forbidden(String why) {
        return new Refused(HttpStatus.FORBIDDEN, why);
    }
}
