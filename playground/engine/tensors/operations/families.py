"""Operations by how their results come about; names as torch has them, without the _ of the in-place form."""


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


ACTIVATIONS = _names("sigmoid tanh relu leaky_relu elu selu gelu silu softplus softsign logsigmoid hardtanh relu6 mish")
ELEMENTWISE = ACTIVATIONS | _names(
    "add sub subtract mul multiply div divide true_divide floor_divide remainder fmod pow neg negative abs absolute "
    "sign sqrt rsqrt square exp exp2 expm1 log log2 log10 log1p sin cos tan asin acos atan atan2 sinh cosh erf "
    "floor ceil round trunc frac reciprocal clamp clip clamp_min clamp_max maximum minimum lerp addcmul addcdiv "
    "eq ne lt le gt ge isnan isinf isfinite isclose logical_and logical_or logical_xor logical_not bitwise_and "
    "bitwise_or bitwise_xor bitwise_not masked_fill fill zero copy where dropout float double half bfloat16 long "
    "int short char byte bool to type type_as requires_grad nan_to_num hypot xlogy deg2rad"
)
"""Each cell from the cells at the same index, after broadcasting."""

MOVES = _names(
    "getitem setitem select narrow index_select masked_select take take_along_dim gather view reshape view_as "
    "reshape_as flatten unflatten ravel squeeze unsqueeze expand expand_as broadcast_to repeat repeat_interleave "
    "tile t T mT H mH adjoint transpose swapaxes swapdims movedim moveaxis permute cat concat concatenate stack "
    "hstack vstack dstack column_stack split chunk tensor_split hsplit vsplit unbind unfold diagonal diag "
    "diag_embed flip fliplr flipud roll rot90 triu tril contiguous clone detach pad where embedding"
)
"""Each cell is an element of an operand, unchanged (or filled in, as the zeros of pad)."""

REDUCTIONS = _names("sum mean prod norm vector_norm std var all any logsumexp nansum nanmean count_nonzero")
"""Each cell from all cells along the dimensions that are taken together."""

SELECTIONS = _names("max min amax amin argmax argmin median nanmedian mode kthvalue topk sort argsort")
"""Each cell chosen by its size among the cells along one dimension."""

LINES = _names("softmax log_softmax softmin cumsum cumprod")
"""Each cell from the cells of its line along one dimension."""

PRODUCTS = _names("matmul mm bmm mv dot linear")
OUTER = _names("outer ger")

OTHERS = _names(
    "tensor from_numpy numpy as_tensor empty full zeros ones eye arange linspace rand randn randint randperm normal "
    "zeros_like ones_like full_like empty_like rand_like randn_like new_zeros new_ones new_full new_tensor one_hot "
    "einsum bincount unique nonzero conv1d conv2d max_pool2d avg_pool2d layer_norm mse_loss l1_loss cross_entropy "
    "nll_loss binary_cross_entropy binary_cross_entropy_with_logits item size dim numel equal allclose tolist"
)
"""What else depends on its operands alone, or draws."""

DIM_PLACE = {"norm": 2, "vector_norm": 2, "kthvalue": 2, "topk": 2}
"""Where dim stands among the arguments; in all others it is the second."""
