package org.latent4j.cli.lecture;

import java.util.function.Consumer;
import org.latent4j.compute.Device;

/**
 * What a lecture is given.
 *
 * @param device runs networks and primitives
 * @param seed decides every random number
 * @param progress takes a line now and then on long work
 */
public record LectureRoom(Device device, long seed, Consumer<String> progress) {}
