"""The console: an IPython shell on one thread of this process, that takes turns with the training."""
