package org.clinicbook.reminder;

import org.springframework.mail.SimpleMailMessage;
import org.springframework.mail.javamail.JavaMailSender;
import org.springframework.stereotype.Component;

/** Sends reminders as mails. */
@Component
public class MailGateway {

    private final JavaMailSender sender;

    MailGateway(JavaMailSender sender) {
        this.sender = sender;
    }

    public boolean send(String address, String text) {
        SimpleMailMessage message = new SimpleMailMessage();
        message.setTo(address);
        message.setText(text);
        sender.send(message);
        return true;
    }
}
