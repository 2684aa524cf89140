package org.clinicbook.web;

public class NotThereException extends RuntimeException {

    public NotThereException(String what, Object id) {
        super("There is no " + what + " " + id);
    }
}
