"""What a race looks like in numbers: f, gradient norm and distance against the step."""
