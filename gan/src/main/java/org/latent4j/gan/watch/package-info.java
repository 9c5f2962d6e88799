/** What goes wrong in adversarial training, told in plain words while it goes wrong: the discriminator wins, samples collapse, it memorises. */
package org.latent4j.gan.watch;
