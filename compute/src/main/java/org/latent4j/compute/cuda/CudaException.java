package org.latent4j.compute.cuda;

import org.latent4j.compute.ComputeException;

/** A call of the driver or of a CUDA library failed; the message names the call and the library's own words. */
public class CudaException extends ComputeException {
    private static final long serialVersionUID = 1L;

    public CudaException(String message) {
        super(message);
    }
}
