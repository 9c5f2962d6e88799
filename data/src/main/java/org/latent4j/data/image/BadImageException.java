package org.latent4j.data.image;

/** One image that can't be used; the message is the reason, without the name of the file. */
final class BadImageException extends Exception {
    private static final long serialVersionUID = 1L;

    BadImageException(String reason) {
        super(reason, null, false, false); // thrown once per bad file, caught at once: no stack trace needed
    }
}
