"""The catalogue: tensors made from values, sizes, chance and other tensors, and their types."""

from playground.engine.tensors.operations.operation_events import Entry

_MAKE = "Creation"
_CHANCE = "Random numbers"
_LIKE = "Like another tensor"
_TYPE = "Types"

ENTRIES = (
    Entry(
        "tensor",
        _MAKE,
        "torch.tensor(data, dtype=None, requires_grad=False)",
        "Copies numbers, lists or an array into a new tensor; whole numbers become int64, others the default dtype.",
        """\
torch.tensor([[1, 2], [3, 4]])  # [[1, 2], [3, 4]]
torch.tensor([1, 2]).dtype  # torch.int64
torch.tensor([1.0, 2]).dtype  # torch.float32
torch.tensor(3.5).shape  # ()
array = np.zeros(2)
copy = torch.tensor(array)
array[0] = 7
copy  # [0.0, 0.0]""",
        "create new scalar list values copy",
    ),
    Entry(
        "from_numpy",
        _MAKE,
        "torch.from_numpy(array)",
        "A tensor over the memory of a NumPy array: what changes one changes the other. torch.tensor copies instead.",
        """\
array = np.array([1.0, 2.0, 3.0])
shared = torch.from_numpy(array)
array[0] = 10
shared  # [10.0, 2.0, 3.0]
shared.dtype  # torch.float64""",
        "array share memory ndarray import",
    ),
    Entry(
        "numpy",
        _MAKE,
        "tensor.numpy()",
        "The tensor as a NumPy array over the same memory; one that requires a gradient needs detach() first.",
        """\
t = torch.ones(3)
array = t.numpy()
t.add_(1)  # [2.0, 2.0, 2.0]
array.tolist()  # [2.0, 2.0, 2.0]
torch.ones(2, requires_grad=True).detach().numpy().tolist()  # [1.0, 1.0]""",
        "array share memory ndarray export",
    ),
    Entry(
        "empty",
        _MAKE,
        "torch.empty(*size)",
        "Memory of this size as it is found: its numbers mean nothing until they are written.",
        """\
t = torch.empty(2, 3)
t.shape  # (2, 3)
t.fill_(5)  # [[5.0, 5.0, 5.0], [5.0, 5.0, 5.0]]""",
        "uninitialised allocate",
    ),
    Entry(
        "full",
        _MAKE,
        "torch.full(size, value)",
        "One value everywhere.",
        "torch.full((2, 3), 7)  # [[7, 7, 7], [7, 7, 7]]\ntorch.full((), 0.5)  # 0.5",
        "fill constant",
    ),
    Entry("zeros", _MAKE, "torch.zeros(*size)", "Zeros.", "torch.zeros(2, 3)  # [[0, 0, 0], [0, 0, 0]]", "0 fill"),
    Entry("ones", _MAKE, "torch.ones(*size)", "Ones.", "torch.ones(3, 2)  # [[1, 1], [1, 1], [1, 1]]", "1 fill"),
    Entry(
        "eye",
        _MAKE,
        "torch.eye(n, m=None)",
        "The identity matrix: ones on the diagonal.",
        "torch.eye(3)  # [[1, 0, 0], [0, 1, 0], [0, 0, 1]]\ntorch.eye(2, 3)  # [[1, 0, 0], [0, 1, 0]]",
        "identity diagonal matrix",
    ),
    Entry(
        "arange",
        _MAKE,
        "torch.arange(start=0, end, step=1)",
        "Numbers from start up to end, which is left out.",
        """\
torch.arange(5)  # list(range(5))
torch.arange(2, 11, 3)  # list(range(2, 11, 3))
torch.arange(0, 1, 0.25)  # [0.0, 0.25, 0.5, 0.75]
torch.arange(3.0).dtype  # torch.float32""",
        "range count sequence",
    ),
    Entry(
        "linspace",
        _MAKE,
        "torch.linspace(start, end, steps)",
        "So many numbers at equal distances from start to end, which is among them.",
        "torch.linspace(0, 10, 5)  # [0.0, 2.5, 5.0, 7.5, 10.0]\ntorch.linspace(-1, 1, 3)  # [-1, 0, 1]",
        "range evenly spaced",
    ),
    Entry(
        "rand",
        _CHANCE,
        "torch.rand(*size)",
        "Random numbers, equally likely anywhere from 0 up to 1.",
        """\
t = torch.rand(1000)
bool((t >= 0).all() and (t < 1).all())  # True
abs(t.mean().item() - 0.5) < 0.1  # True""",
        "uniform random",
    ),
    Entry(
        "randn",
        _CHANCE,
        "torch.randn(*size)",
        "Random numbers of the normal distribution N(0, 1): mean 0, standard deviation 1.",
        """\
t = torch.randn(4000)
abs(t.mean().item()) < 0.2  # True
abs(t.std().item() - 1) < 0.2  # True
(3 + 2 * torch.randn(2, 3)).shape  # (2, 3)""",
        "normal gaussian random N(0,1)",
    ),
    Entry(
        "randint",
        _CHANCE,
        "torch.randint(low=0, high, size)",
        "Random whole numbers from low up to high, which is left out.",
        """\
t = torch.randint(1, 7, (100,))
t.dtype  # torch.int64
bool((t >= 1).all() and (t <= 6).all())  # True""",
        "random integer dice",
    ),
    Entry(
        "randperm",
        _CHANCE,
        "torch.randperm(n)",
        "The numbers 0 to n - 1 in random order, each once; the way to shuffle samples and labels alike.",
        "order = torch.randperm(5)\norder.sort().values  # [0, 1, 2, 3, 4]",
        "permutation shuffle random",
    ),
    Entry(
        "zeros_like",
        _LIKE,
        "torch.zeros_like(t), ones_like, empty_like, full_like, rand_like, randn_like",
        "A new tensor with the shape, dtype and device of another.",
        """\
t = torch.tensor([[1, 2, 3]])
torch.zeros_like(t)  # [[0, 0, 0]]
torch.ones_like(t).dtype  # torch.int64
torch.full_like(t, 9)  # [[9, 9, 9]]
torch.rand_like(t, dtype=torch.float32).shape  # (1, 3)""",
        "*_like ones_like empty_like full_like rand_like randn_like randint_like same shape",
    ),
    Entry(
        "new_zeros",
        _LIKE,
        "t.new_zeros(size), new_ones, new_full, new_empty, new_tensor",
        "A new tensor of another size with the dtype and device of this one.",
        """\
t = torch.tensor([1.5], dtype=torch.float64)
t.new_zeros(2)  # [0.0, 0.0]
t.new_ones(2).dtype  # torch.float64
t.new_full((2,), 3)  # [3.0, 3.0]
t.new_tensor([1, 2]).dtype  # torch.float64""",
        "new_* new_ones new_full new_empty new_tensor",
    ),
    Entry(
        "dtypes",
        _TYPE,
        "t.dtype, t.to(dtype), t.float(), t.double(), t.long(), t.int(), t.bool()",
        "The type of the elements. Changing it makes a copy; to float drops digits, to int the part behind the point.",
        """\
t = torch.tensor([1.9, -1.9, 0.0])
t.dtype  # torch.float32
t.long()  # [1, -1, 0]
t.bool()  # [True, True, False]
t.double().dtype  # torch.float64
t.to(torch.int32).dtype  # torch.int32
(torch.tensor([1]) + torch.tensor([0.5])).dtype  # torch.float32
torch.tensor([1.0]).half().element_size()  # 2""",
        "float32 float64 int64 bool half cast convert type promotion float double long int",
    ),
    Entry(
        "type",
        _TYPE,
        't.type(), t.type("torch.DoubleTensor")',
        "The old name of a tensor's type: torch.FloatTensor for float32 on the CPU, torch.cuda.FloatTensor on a GPU.",
        """\
t = torch.zeros(2)
t.type()  # 'torch.FloatTensor'
t.double().type()  # 'torch.DoubleTensor'
torch.tensor([1]).type()  # 'torch.LongTensor'
torch.tensor([True]).type()  # 'torch.BoolTensor'
torch.zeros(2, dtype=torch.uint8).type()  # 'torch.ByteTensor'
t.type("torch.IntTensor").dtype  # torch.int32""",
        "cuda FloatTensor DoubleTensor LongTensor IntTensor name CPU GPU",
    ),
    Entry(
        "isinstance",
        _TYPE,
        "isinstance(t, torch.FloatTensor), torch.is_tensor(x)",
        "Python's own check knows the old type names too, so it tells the dtype and the device.",
        """\
t = torch.zeros(2)
isinstance(t, torch.Tensor)  # True
isinstance(t, torch.FloatTensor)  # True
isinstance(t, torch.DoubleTensor)  # False
isinstance(t, torch.cuda.FloatTensor)  # False
torch.is_tensor([1, 2])  # False""",
        "check type class is_tensor",
    ),
    Entry(
        "FloatTensor",
        _TYPE,
        "torch.FloatTensor(*size) or torch.FloatTensor(values)",
        "The legacy constructor: numbers are a size (and the memory is not filled), a list is the values.",
        """\
torch.FloatTensor(2, 3).shape  # (2, 3)
torch.FloatTensor([2, 3])  # [2.0, 3.0]
torch.IntTensor([2.9])  # [2]
torch.Tensor(3).shape  # (3,)
torch.Tensor([3])  # [3.0]""",
        "legacy constructor IntTensor LongTensor Tensor DoubleTensor",
    ),
    Entry(
        "default dtype",
        _TYPE,
        "torch.get_default_dtype(), torch.set_default_dtype(dtype)",
        "The type that numbers with a point get where none is named; float32 unless it was changed.",
        """\
before = torch.get_default_dtype()
torch.set_default_dtype(torch.float64)
torch.tensor([1.2]).dtype  # torch.float64
torch.zeros(2).dtype  # torch.float64
torch.set_default_dtype(before)
torch.tensor([1.2]).dtype == before  # True""",
        "set_default_dtype get_default_dtype float64 set_default_tensor_type",
    ),
    Entry(
        "size",
        _TYPE,
        "t.size(), t.size(dim), t.shape",
        "The sizes of all dimensions, or of one; size(-1) is the last.",
        """\
t = torch.zeros(2, 3, 4)
t.size()  # (2, 3, 4)
t.size(0)  # 2
t.shape[-1]  # 4
list(t.shape)  # [2, 3, 4]""",
        "shape length dimensions",
    ),
    Entry(
        "dim",
        _TYPE,
        "t.dim(), t.ndim",
        "How many dimensions: 0 for a scalar, 1 for a vector, 2 for a matrix.",
        "torch.tensor(1.0).dim()  # 0\ntorch.zeros(5).dim()  # 1\ntorch.zeros(2, 3, 28, 28).ndim  # 4",
        "ndim rank number of dimensions",
    ),
    Entry(
        "numel",
        _TYPE,
        "t.numel(), t.element_size(), t.nbytes",
        "How many elements, not bytes: bytes are numel() times element_size().",
        """\
t = torch.zeros(2, 3, 4)
t.numel()  # 2 * 3 * 4
t.element_size()  # 4
t.nbytes  # 2 * 3 * 4 * 4""",
        "elements count bytes memory nelement",
    ),
    Entry(
        "item",
        _TYPE,
        "t.item(), t.tolist()",
        "Python's own numbers: item() of a tensor with one element, tolist() of any.",
        "torch.tensor([[2.5]]).item()  # 2.5\ntorch.tensor([[1, 2], [3, 4]]).tolist()  # [[1, 2], [3, 4]]",
        "scalar python number list",
    ),
)
