package org.latent4j.compute.cuda;

import java.util.ArrayList;
import java.util.List;
import org.latent4j.compute.graph.Kernel;

/**
 * Turns work that many kernels, copies and uploads make up into one launch. The first run of such a step is an ordinary one, in which
 * everything that is made lazily is made. The second and third are recorded, each with page-locked memory of its own for what the host
 * uploads. From then on a run of the step's code on the host only fills that memory, all else it asks of the card is left out, and the
 * recording is launched; the two take turns, so that the host fills one while the card reads the other.
 *
 * <p>A step must ask the same of the card each time and read nothing back. Throws {@link IllegalStateException} if it does otherwise.
 */
final class Steps {
    private static final int TURNS = 2;

    /** What a card does for recordings. */
    interface Recorder {
        /** From now on the stream's work is recorded instead of done. */
        void begin();

        /** Ends it; the recording as one launch. */
        Kernel end();

        /** After a failure: forgets what was recorded. */
        void abandon();

        /** Page-locked memory of the host, for the life of the process. */
        long pinned(long bytes);

        /** An upload from page-locked memory, which is read when it is its turn in the stream. */
        void upload(long to, long pinned, long bytes);

        /** Bytes from one place of the host to another. */
        void copyOnHost(long to, long from, long bytes);

        /** Marks the stream's present end; running what is returned waits until the card has come there. */
        Kernel mark();
    }

    /** One upload of a step. */
    private record Slot(long to, long pinned, long bytes) {}

    /** A recorded step. */
    private static final class Recording {
        final List<Slot> slots = new ArrayList<>();
        Kernel launch;
        Kernel finished = () -> {};
    }

    private final Recorder recorder;
    private Recording current;
    private boolean replaying;
    private int filled;

    Steps(Recorder recorder) {
        this.recorder = recorder;
    }

    /** Whether what is asked of the card is in the recording already. */
    boolean skips() {
        return replaying;
    }

    /** Whether a step is being recorded or launched. */
    boolean active() {
        return current != null;
    }

    /** Before anything that a recorded step can't do. */
    void refuse(String what) {
        if (current != null) {
            throw new IllegalStateException(what + " within a recorded step");
        }
    }

    /** Takes care of an upload within a step; false outside of one. */
    boolean upload(long to, long host, long bytes) {
        if (current == null) {
            return false;
        }
        if (replaying) {
            Slot slot = filled < current.slots.size() ? current.slots.get(filled) : null;
            if (slot == null || slot.to != to || slot.bytes != bytes) {
                throw new IllegalStateException("upload " + filled + " of a recorded step is of " + bytes + " bytes to "
                        + to + ", but was recorded as " + slot);
            }
            filled++;
            recorder.copyOnHost(slot.pinned, host, bytes);
        } else {
            Slot slot = new Slot(to, recorder.pinned(bytes), bytes);
            current.slots.add(slot);
            recorder.copyOnHost(slot.pinned, host, bytes);
            recorder.upload(to, slot.pinned, bytes);
        }
        return true;
    }

    Kernel step(Kernel work) {
        return new Step(work);
    }

    private final class Step implements Kernel {
        private final Kernel work;
        private final List<Recording> recordings = new ArrayList<>();
        private boolean warm;
        private int turn;

        Step(Kernel work) {
            this.work = work;
        }

        @Override
        public void run() {
            if (!warm) {
                work.run();
                warm = true;
                return;
            }
            if (recordings.size() < TURNS) {
                recordings.add(record());
                turn = recordings.size() - 1;
            } else {
                turn = (turn + 1) % TURNS;
                refill(recordings.get(turn));
            }
            Recording recording = recordings.get(turn);
            recording.launch.run();
            recording.finished = recorder.mark();
        }

        private Recording record() {
            Recording made = new Recording();
            current = made;
            recorder.begin();
            try {
                work.run();
            } catch (RuntimeException failure) {
                current = null;
                recorder.abandon();
                throw failure;
            }
            current = null;
            made.launch = recorder.end();
            return made;
        }

        private void refill(Recording recording) {
            recording.finished.run();
            current = recording;
            replaying = true;
            filled = 0;
            try {
                work.run();
                if (filled != recording.slots.size()) {
                    throw new IllegalStateException("a recorded step uploads " + recording.slots.size()
                            + " times, but this time it did " + filled + " times");
                }
            } finally {
                current = null;
                replaying = false;
            }
        }
    }
}
