/**
 * Graphs on oneDNN: a file for each family of operations, {@code Dnnl} with the library's handles and status checks, and
 * {@link org.latent4j.compute.cpu.CpuBackend} with the table of what is supported. Images lie with their channels last; parameters lie as
 * DL4J keeps them, and products read copies in the library's favourite formats, made anew after each update.
 */
package org.latent4j.compute.cpu;
