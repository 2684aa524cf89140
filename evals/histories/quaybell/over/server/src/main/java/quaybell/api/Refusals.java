package quaybell.api;

import java.util.Map;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import quaybell.domain.HallException;

/** What the hall refuses as status and code; screens have the words. */
@RestControllerAdvice
class Refusals {

    @ExceptionHandler
    ResponseEntity<Map<String, String>> refused(HallException error) {
        return ResponseEntity.status(status(error.kind()))
            .body(Map.of("code", error.code(), "message", error.getMessage()));
    }

    private static HttpStatus status(HallException.Kind kind) {
        return switch (kind) {
            case NOT_FOUND -> HttpStatus.NOT_FOUND;
            case CONFLICT -> HttpStatus.CONFLICT;
            case FORBIDDEN -> HttpStatus.FORBIDDEN;
            case INVALID -> HttpStatus.UNPROCESSABLE_ENTITY;
            case PAYMENT -> HttpStatus.PAYMENT_REQUIRED;
        };
    }
}
