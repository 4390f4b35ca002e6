"""What the signatures and docstrings of torch do not say: which classes to offer, ranges, choices, what to hide."""

from collections.abc import Mapping

GROUPS: Mapping[str, tuple[str, ...]] = {
    "linear": ("Linear", "Embedding", "Identity"),
    "convolution": ("Conv1d", "Conv2d", "Conv3d", "ConvTranspose1d", "ConvTranspose2d"),
    "pooling": ("MaxPool1d", "MaxPool2d", "MaxPool3d", "AvgPool1d", "AvgPool2d", "AdaptiveAvgPool2d"),
    "activation": (
        "ReLU",
        "LeakyReLU",
        "ELU",
        "GELU",
        "SiLU",
        "Softplus",
        "Sigmoid",
        "Tanh",
        "Softmax",
        "LogSoftmax",
    ),
    "normalisation": ("BatchNorm1d", "BatchNorm2d", "LayerNorm", "GroupNorm"),
    "dropout": ("Dropout", "Dropout2d"),
    "shape": ("Flatten", "Unflatten"),
}

HIDDEN = {
    "self",
    "args",
    "kwargs",
    "device",
    "dtype",
    "return_indices",
    "_weight",
    "_freeze",
    "sparse",
    # every optimiser and schedule
    "params",
    "foreach",
    "fused",
    "capturable",
    "differentiable",
    "optimizer",
    "last_epoch",
    "scale_fn",
}

NOT_PLAIN = {"LRScheduler", "LambdaLR", "MultiplicativeLR", "SequentialLR", "ChainedScheduler"}

REFUSED = {"SparseAdam": "it takes only sparse gradients, and no layer here gives them; use Adam"}

NOTES = {
    "Muon": "Takes only the matrices of a network: layers with biases or convolutions need another optimiser.",
    "LBFGS": "Runs the forward and backward pass several times a step; best with the whole set as one batch.",
}

# torch still guesses a dimension when there is none, and warns that it will stop doing so.
REQUIRED = {("Softmax", "dim"), ("LogSoftmax", "dim")}

# Left out, it becomes the length of the whole run.
OPTIONAL = {("CosineAnnealingLR", "T_max")}

CHOICES: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("Conv1d", "padding"): ("valid", "same"),
    ("Conv2d", "padding"): ("valid", "same"),
    ("Conv3d", "padding"): ("valid", "same"),
    # torch's signature shares all four, its constructor takes one
    ("ConvTranspose1d", "padding_mode"): ("zeros",),
    ("ConvTranspose2d", "padding_mode"): ("zeros",),
    ("GELU", "approximate"): ("none", "tanh"),
    ("LBFGS", "line_search_fn"): ("strong_wolfe",),
    ("Muon", "adjust_lr_fn"): ("original", "match_rms_adamw", "spectral_unclamped"),
}

RANGES: Mapping[str, tuple[float | None, float | None]] = {
    **dict.fromkeys(
        ("in_features", "out_features", "in_channels", "out_channels", "num_features", "num_channels", "num_groups"),
        (1, None),
    ),
    **dict.fromkeys(("num_embeddings", "embedding_dim", "normalized_shape", "output_size"), (1, None)),
    **dict.fromkeys(("kernel_size", "stride", "dilation", "groups", "divisor_override"), (1, None)),
    **dict.fromkeys(("padding", "output_padding", "eps", "negative_slope", "max_norm"), (0, None)),
    **dict.fromkeys(("p", "pct_start", "rho", "betas"), (0, 1)),
    **dict.fromkeys(("momentum", "dampening"), (0, None)),
    **dict.fromkeys(("lr", "weight_decay", "lr_decay", "lambd", "initial_accumulator_value"), (0, None)),
    **dict.fromkeys(("max_lr", "base_lr", "min_lr", "eta_min", "patience", "cooldown", "threshold"), (0, None)),
    **dict.fromkeys(("step_size", "total_iters", "T_0", "T_mult", "T_max", "max_iter", "history_size"), (1, None)),
    **dict.fromkeys(("total_steps", "epochs", "steps_per_epoch", "step_size_up", "step_size_down"), (1, None)),
    **dict.fromkeys(("ns_steps", "max_eval"), (1, None)),
}

# Where torch's own sentence is missing, long or needs what stands around it; "" stands for every class.
DOCS: Mapping[tuple[str, str], str] = {
    ("", "inplace"): "Writes the result over the input, which saves memory.",
    ("", "bias"): "Adds a learnable bias to the output.",
    ("", "padding_mode"): "What the padding is filled with.",
    ("", "maximize"): "Climbs the loss instead of descending it.",
    ("", "amsgrad"): "Divides by the largest average of squared gradients so far, not by the present one.",
    ("", "affine"): "Learns a scale and a shift.",
    ("", "elementwise_affine"): "Learns a scale and a shift for every element.",
    ("", "track_running_stats"): "Keeps running means and variances of the batches for use in evaluation.",
    ("", "scale_mode"): "Whether the scale follows the number of the cycle or of the iteration.",
    ("", "stride"): "How far the window moves from one output to the next; pooling layers use the kernel size if none.",
    ("", "num_features"): "Number of features, or of channels, of the input.",
    ("", "threshold_mode"): "Whether the threshold is a fraction of the best value (rel) or a difference (abs).",
    ("", "min_lr"): "Lower bound of the learning rate.",
    ("", "three_phase"): "Spends a third phase on bringing the rate down to its final value.",
    ("BatchNorm1d", "momentum"): "Weight of the newest batch in the running mean and variance; none averages all.",
    ("BatchNorm2d", "momentum"): "Weight of the newest batch in the running mean and variance; none averages all.",
    ("ConvTranspose1d", "padding"): "Trims this much from both sides of the output.",
    ("ConvTranspose2d", "padding"): "Trims this much from all sides of the output.",
    ("ELU", "alpha"): "The value, negated, that large negative inputs approach.",
    ("Softplus", "beta"): "How sharp the bend is.",
    ("GELU", "approximate"): "Whether to compute the function exactly (none) or by a formula with tanh.",
    ("Embedding", "padding_idx"): "Number of the entry that stays fixed and is not trained.",
    ("Embedding", "max_norm"): "Largest norm of an entry; longer ones are shortened to it.",
    ("Softmax", "dim"): "The dimension along which the outputs sum to 1; 1 for classes.",
    ("LogSoftmax", "dim"): "The dimension along which the probabilities sum to 1; 1 for classes.",
    ("LayerNorm", "normalized_shape"): "Sizes of the last dimensions, over which mean and deviation are taken.",
    ("Adafactor", "lr"): "Largest relative step size, and the factor of the weight decay.",
    ("Muon", "ns_coefficients"): "Coefficients of the Newton-Schulz polynomial that makes the update orthogonal.",
    ("Muon", "adjust_lr_fn"): "How the learning rate is fitted to the size of each matrix; none is the original rule.",
    ("OneCycleLR", "total_steps"): "Number of steps of the cycle; left out, the whole run.",
    ("OneCycleLR", "anneal_strategy"): "Whether the rate falls along a cosine or a straight line.",
    ("CosineAnnealingLR", "T_max"): "Number of iterations down to the lowest rate; left out, the whole run.",
    ("CosineAnnealingWarmRestarts", "T_mult"): "Factor by which the time to the next restart grows after each one.",
    ("CyclicLR", "mode"): "Whether the height of the cycles stays, halves, or shrinks by gamma.",
    ("ReduceLROnPlateau", "mode"): "Whether a smaller value is better (min) or a larger one (max).",
    ("ReduceLROnPlateau", "factor"): "What the rate is multiplied by when it is reduced.",
}
