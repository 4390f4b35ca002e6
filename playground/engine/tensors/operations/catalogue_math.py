"""The catalogue: arithmetic, broadcasting, matrix products, functions of each element and comparisons."""

from playground.engine.tensors.operations.operation_events import Entry

_ARITHMETIC = "Arithmetic"
_PLACE = "In place and out="
_MATRIX = "Matrix products"
_EACH = "Functions of each element"
_COMPARE = "Comparison"

ENTRIES = (
    Entry(
        "broadcasting",
        _ARITHMETIC,
        "a + b, where the shapes fit from the right",
        "Shapes are aligned from the right; sizes must be equal or 1, and a 1 (or a missing dimension) is stretched.",
        """\
a = torch.tensor([[0], [10], [20]])  # 3 x 1
b = torch.tensor([1, 2])  # 2
a + b  # [[1, 2], [11, 12], [21, 22]]
torch.broadcast_shapes((4, 32, 14, 14), (32, 1, 1))  # (4, 32, 14, 14)
(torch.zeros(4, 1) - torch.zeros(4)).shape  # (4, 4)""",
        "stretch expand shapes fit",
    ),
    Entry(
        "add",
        _ARITHMETIC,
        "a + b, torch.add(a, b, alpha=1)",
        "The sum, element by element; alpha multiplies the second.",
        """\
a = torch.tensor([1, 2])
a + torch.tensor([10, 20])  # [11, 22]
torch.add(a, 5)  # [6, 7]
torch.add(a, a, alpha=10)  # [11, 22]""",
        "plus sum + ",
    ),
    Entry(
        "sub",
        _ARITHMETIC,
        "a - b, torch.sub(a, b)",
        "The difference, element by element.",
        "a = torch.tensor([5, 7])\na - 2  # [3, 5]\ntorch.sub(a, torch.tensor([1, 10]))  # [4, -3]",
        "minus subtract difference -",
    ),
    Entry(
        "mul",
        _ARITHMETIC,
        "a * b, torch.mul(a, b)",
        "The product, element by element; the matrix product is a @ b.",
        """\
a = torch.tensor([[1, 2], [3, 4]])
a * a  # [[1, 4], [9, 16]]
torch.mul(a, torch.tensor([10, 100]))  # [[10, 200], [30, 400]]""",
        "times multiply hadamard product *",
    ),
    Entry(
        "div",
        _ARITHMETIC,
        "a / b, torch.div(a, b, rounding_mode=None), a // b, a % b",
        "The quotient, always with a point; // rounds down, % is the rest.",
        """\
a = torch.tensor([7, -7])
a / 2  # [3.5, -3.5]
a // 2  # [7 // 2, -7 // 2]
torch.div(a, 2, rounding_mode="trunc")  # [3, -3]
a % 3  # [7 % 3, -7 % 3]
torch.tensor([1.0, -1.0]) / 0  # [inf, -inf]""",
        "divide quotient remainder floor_divide / // %",
    ),
    Entry(
        "in-place",
        _PLACE,
        "t.add_(x), t.mul_(x), t.zero_(), t += x",
        "A name that ends in _ writes into the tensor itself: same memory, its version counts up, no new tensor.",
        """\
t = torch.tensor([1, 2])
address = t.data_ptr()
t.add(1)  # [2, 3]
t  # [1, 2]
t.add_(1)  # [2, 3]
t  # [2, 3]
t.data_ptr() == address  # True
t += 10
t._version  # 2
t.zero_()  # [0, 0]""",
        "inplace underscore suffix add_ mul_ zero_ fill_ copy_ memory",
    ),
    Entry(
        "out=",
        _PLACE,
        "torch.add(a, b, out=c)",
        "Writes the result into a tensor that exists, so that no new memory is needed.",
        """\
a = torch.tensor([1.0, 2.0])
c = torch.empty(2)
address = c.data_ptr()
torch.add(a, 1, out=c)  # [2.0, 3.0]
c  # [2.0, 3.0]
c.data_ptr() == address  # True""",
        "out memory preallocated result",
    ),
    Entry(
        "matmul",
        _MATRIX,
        "a @ b, torch.matmul(a, b)",
        "The matrix product over the last two dimensions: [..., n, k] @ [..., k, m] gives [..., n, m]; "
        "the dimensions before are broadcast.",
        """\
a = torch.tensor([[1, 2], [3, 4]])
b = torch.tensor([[5, 6], [7, 8]])
a @ b  # [[1 * 5 + 2 * 7, 1 * 6 + 2 * 8], [3 * 5 + 4 * 7, 3 * 6 + 4 * 8]]
a @ torch.tensor([1, 1])  # [3, 7]
(torch.zeros(4, 3, 28, 64) @ torch.zeros(64, 32)).shape  # (4, 3, 28, 32)
(torch.zeros(4, 3, 2, 5) @ torch.zeros(4, 1, 5, 6)).shape  # (4, 3, 2, 6)""",
        "matrix product @ batch multiply linear",
    ),
    Entry(
        "mm",
        _MATRIX,
        "torch.mm(a, b)",
        "The product of two matrices, and of nothing else: [n, k] and [k, m], no broadcasting.",
        "torch.mm(torch.tensor([[1, 2]]), torch.tensor([[3], [4]]))  # [[1 * 3 + 2 * 4]]",
        "matrix product 2d",
    ),
    Entry(
        "bmm",
        _MATRIX,
        "torch.bmm(a, b)",
        "One matrix product for each of a batch: [b, n, k] and [b, k, m].",
        """\
a = torch.tensor([[[1, 2]], [[3, 4]]])
torch.bmm(a, a.transpose(1, 2))  # [[[5]], [[25]]]""",
        "batch matrix product baddbmm",
    ),
    Entry(
        "dot",
        _MATRIX,
        "torch.dot(a, b), torch.mv(m, a), torch.outer(a, b)",
        "The sum of products of two vectors; mv is matrix times vector, outer all products.",
        """\
a = torch.tensor([1, 2, 3])
torch.dot(a, a)  # 1 + 4 + 9
torch.mv(torch.tensor([[1, 0, 0], [1, 1, 1]]), a)  # [1, 6]
torch.outer(a, torch.tensor([1, 10]))  # [[1, 10], [2, 20], [3, 30]]""",
        "vector inner product mv outer",
    ),
    Entry(
        "pow",
        _EACH,
        "t ** p, t.pow(p)",
        "To the power p, element by element.",
        """\
t = torch.tensor([1.0, 2.0, 3.0])
t**2  # [1, 4, 9]
t.pow(3)  # [1, 8, 27]
t**0.5  # [1.0, 2**0.5, 3**0.5]
2**t  # [2, 4, 8]""",
        "power square exponent ** square",
    ),
    Entry(
        "sqrt",
        _EACH,
        "t.sqrt()",
        "The square root; NaN for negative numbers.",
        "torch.tensor([4.0, 9.0, -1.0]).sqrt()  # [2, 3, nan]",
        "root square",
    ),
    Entry(
        "rsqrt",
        _EACH,
        "t.rsqrt()",
        "One over the square root.",
        "torch.tensor([4.0, 16.0]).rsqrt()  # [1 / 2, 1 / 4]",
        "root inverse reciprocal",
    ),
    Entry(
        "exp",
        _EACH,
        "t.exp()",
        "e to the power of each element.",
        "torch.exp(torch.tensor([0.0, 1.0, -1.0]))  # [1, math.e, 1 / math.e]",
        "exponential e",
    ),
    Entry(
        "log",
        _EACH,
        "t.log(), t.log2(), t.log10()",
        "The natural logarithm; log2 and log10 have their own base. log(0) is -inf.",
        """\
torch.log(torch.tensor([1.0, math.e, 0.0]))  # [0, 1, -inf]
torch.tensor([8.0]).log2()  # [3]
torch.tensor([1000.0]).log10()  # [3]""",
        "logarithm ln log2 log10",
    ),
    Entry(
        "floor",
        _EACH,
        "t.floor(), t.ceil(), t.round()",
        "The next whole number below; ceil above, round the nearest (halves to the even one). They stay floats.",
        """\
t = torch.tensor([3.14, -3.14, 2.5])
t.floor()  # [3, -4, 2]
t.ceil()  # [4, -3, 3]
t.round()  # [3, -3, 2]
t.floor().dtype  # torch.float32""",
        "round down up ceil whole",
    ),
    Entry(
        "ceil",
        _EACH,
        "t.ceil()",
        "The next whole number above.",
        "torch.tensor([3.14, -3.14]).ceil()  # [math.ceil(3.14), math.ceil(-3.14)]",
        "round up",
    ),
    Entry(
        "trunc",
        _EACH,
        "t.trunc()",
        "The whole part: what stands behind the point is dropped.",
        "torch.tensor([3.14, -3.14]).trunc()  # [3, -3]",
        "integer part whole cut",
    ),
    Entry(
        "frac",
        _EACH,
        "t.frac()",
        "What stands behind the point, with the sign; trunc() + frac() is the number.",
        "t = torch.tensor([3.25, -3.25])\nt.frac()  # [0.25, -0.25]\nt.trunc() + t.frac()  # [3.25, -3.25]",
        "fraction decimal part",
    ),
    Entry(
        "clamp",
        _EACH,
        "t.clamp(min, max)",
        "Numbers below min become min, above max become max; gradient clipping is made of it.",
        """\
t = torch.tensor([-2, 0, 3, 12])
t.clamp(0, 10)  # [0, 0, 3, 10]
t.clamp(min=1)  # [1, 1, 3, 12]""",
        "clip limit min max gradient clipping",
    ),
    Entry(
        "abs",
        _EACH,
        "t.abs(), -t, t.sign()",
        "The size without the sign; neg and sign beside it.",
        "t = torch.tensor([-2, 0, 3])\nt.abs()  # [2, 0, 3]\n-t  # [2, 0, -3]\nt.sign()  # [-1, 0, 1]",
        "absolute neg sign magnitude",
    ),
    Entry(
        "sigmoid",
        _EACH,
        "torch.sigmoid(t), t.tanh(), torch.relu(t)",
        "1 / (1 + exp(-t)): any number to between 0 and 1. tanh goes from -1 to 1, relu cuts below 0.",
        """\
t = torch.tensor([-2.0, 0.0, 2.0])
torch.sigmoid(t)  # [1 / (1 + math.exp(2)), 0.5, 1 / (1 + math.exp(-2))]
torch.tanh(t)  # [math.tanh(-2), 0, math.tanh(2)]
torch.relu(t)  # [0, 0, 2]
F.leaky_relu(t, 0.1)  # [-0.2, 0, 2]""",
        "activation tanh relu leaky_relu logistic",
    ),
    Entry(
        "eq",
        _COMPARE,
        "a == b, a.eq(b)",
        "Element by element: a bool tensor. equal() answers once for the whole.",
        """\
a = torch.tensor([1, 2, 3])
a == torch.tensor([1, 0, 3])  # [True, False, True]
a.eq(2)  # [False, True, False]
(a == torch.tensor([1, 0, 3])).float().mean()  # 2 / 3""",
        "equal same compare accuracy ==",
    ),
    Entry(
        "equal",
        _COMPARE,
        "torch.equal(a, b), torch.allclose(a, b)",
        "One True or False: the same shape and the same elements; allclose allows for rounding.",
        """\
a = torch.tensor([1.0, 2.0])
torch.equal(a, a.clone())  # True
torch.equal(a, torch.tensor([1.0]))  # False
torch.equal(a, a + 1e-6)  # False
torch.allclose(a, a + 1e-6)  # True""",
        "same whole allclose compare",
    ),
    Entry(
        "ge",
        _COMPARE,
        "a >= b, a.ge(b), gt, le, lt, ne",
        "Greater or equal, greater, less or equal, less, not equal, element by element.",
        """\
a = torch.tensor([1, 2, 3])
a.ge(2)  # [False, True, True]
torch.gt(a, 2)  # [False, False, True]
a <= 2  # [True, True, False]
a.lt(2)  # [True, False, False]
a != 2  # [True, False, True]""",
        "gt le lt ne greater less compare >= > <= < !=",
    ),
    Entry(
        "isnan",
        _COMPARE,
        "t.isnan(), t.isinf(), t.isfinite()",
        "Where there is no number, or an infinite one; NaN is not equal to itself.",
        """\
t = torch.tensor([1.0, math.nan, math.inf])
t.isnan()  # [False, True, False]
t.isinf()  # [False, False, True]
t == t  # [True, False, True]""",
        "nan inf finite check",
    ),
)
