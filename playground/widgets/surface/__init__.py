"""The two views of a function of two numbers: a surface in space and its contours, with paths going down them."""
