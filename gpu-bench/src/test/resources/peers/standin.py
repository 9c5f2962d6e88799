# A stand-in: the test brings its own interpreter, which does not read this.
