/** Principal components of data, of streams, of many small matrices, and of covariance matrices. */
package org.latent4j.reduction.pca;
