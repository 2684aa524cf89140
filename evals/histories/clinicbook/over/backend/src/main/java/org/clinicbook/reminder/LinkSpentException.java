package org.clinicbook.reminder;

public class LinkSpentException extends RuntimeException {

    public LinkSpentException() {
        super("This link has been answered; please call if something changed");
    }
}
