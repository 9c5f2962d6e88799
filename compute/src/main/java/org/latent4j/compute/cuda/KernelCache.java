package org.latent4j.compute.cuda;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.latent4j.compute.io.AtomicFiles;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Machine code of kernels, compiled once for each kind of card and kept in a folder under a name that is the hash of all that it depends on.
 *
 * <p>A folder that can't be read or written is reported and done without.
 */
final class KernelCache {
    private static final Logger LOG = LoggerFactory.getLogger(KernelCache.class);

    private final Path folder;
    private final int sm;

    KernelCache(Path folder, int sm) {
        this.folder = folder;
        this.sm = sm;
    }

    byte[] code(KernelName module) {
        String source = KernelSources.text(module);
        Path file = folder.resolve(hash(source + " sm " + sm + " nvrtc " + Nvrtc.version()) + ".cubin");
        if (Files.isReadable(file)) {
            try {
                return Files.readAllBytes(file);
            } catch (IOException e) {
                LOG.warn("{} can't be read; its kernels are compiled anew: {}", file, e.toString());
            }
        }
        byte[] code = Nvrtc.compile(module.module(), source, sm);
        try {
            Files.createDirectories(folder);
            AtomicFiles.write(file, out -> out.write(code));
        } catch (IOException e) {
            LOG.warn("{} can't be written; its kernels are compiled again next time: {}", file, e.toString());
        }
        return code;
    }

    private static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 16);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
