/**
 * NVIDIA cards by CUDA 13. The only package that knows the CUDA libraries; none of them is loaded before a driver was found.
 */
package org.latent4j.compute.cuda;
