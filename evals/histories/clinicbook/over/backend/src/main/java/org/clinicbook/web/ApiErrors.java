package org.clinicbook.web;

import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

import org.clinicbook.appointment.SlotTakenException;
import org.clinicbook.appointment.TooLateException;
import org.clinicbook.appointment.TooSoonException;
import org.clinicbook.reminder.LinkSpentException;

/** Refusals as problems with a code; the screens have a sentence for each code. */
@RestControllerAdvice
class ApiErrors {

    @ExceptionHandler
    ProblemDetail taken(SlotTakenException refusal) {
        return problem(HttpStatus.CONFLICT, "slot-taken", refusal);
    }

    @ExceptionHandler
    ProblemDetail tooSoon(TooSoonException refusal) {
        return problem(HttpStatus.UNPROCESSABLE_ENTITY, "too-soon", refusal);
    }

    @ExceptionHandler
    ProblemDetail tooLate(TooLateException refusal) {
        return problem(HttpStatus.UNPROCESSABLE_ENTITY, "too-late", refusal);
    }

    @ExceptionHandler
    ProblemDetail spent(LinkSpentException refusal) {
        return problem(HttpStatus.GONE, "link-spent", refusal);
    }

    @ExceptionHandler
    ProblemDetail notThere(NotThereException refusal) {
        return problem(HttpStatus.NOT_FOUND, "not-there", refusal);
    }

    private static ProblemDetail problem(HttpStatus status, String code, RuntimeException refusal) {
        ProblemDetail problem = ProblemDetail.forStatusAndDetail(status, refusal.getMessage());
        problem.setProperty("code", code);
        return problem;
    }
}
