"""The samples of a data set: a gallery of images, or points in the plane."""
