/** DL4J networks on a device, whether it compiles them or DL4J itself runs them. */
package org.latent4j.compute.network;
