package org.clinicbook.reminder;

import java.util.Map;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;

/** Sends text messages. One that cannot be sent is logged and forgotten: the desk calls on the day anyway. */
@Component
public class SmsGateway {

    private static final Logger LOG = LoggerFactory.getLogger(SmsGateway.class);

    private final RestClient client;
    private final String sender;

    SmsGateway(@Value("${clinic.sms.address}") String address, @Value("${clinic.sms.sender}") String sender) {
        this.client = RestClient.create(address);
        this.sender = sender;
    }

    public boolean send(String mobileNumber, String text) {
        if (mobileNumber == null || mobileNumber.isBlank()) {
            return false;
        }
        try {
            client.post().body(Map.of("from", sender, "to", mobileNumber, "text", text)).retrieve().toBodilessEntity();
            return true;
        } catch (RestClientException failure) {
            LOG.warn("A message was not sent: {}", failure.getMessage());
            return false;
        }
    }
}
