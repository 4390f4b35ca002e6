"""The catalogue: elements picked by index, and tensors reshaped, joined and cut."""

from playground.engine.tensors.operations.operation_events import Entry

_INDEX = "Indexing and slicing"
_SHAPE = "Shapes"
_JOIN = "Joining and cutting"

ENTRIES = (
    Entry(
        "index",
        _INDEX,
        "t[i], t[i, j]",
        "An integer picks one index of a dimension, which goes away; a negative one counts from the end.",
        """\
t = torch.arange(12).view(3, 4)
t[1]  # [4, 5, 6, 7]
t[1, 2]  # 1 * 4 + 2
t[-1]  # [8, 9, 10, 11]
t[0][-1]  # 3
t[1].shape  # (4,)""",
        "integer getitem select pick negative",
    ),
    Entry(
        "slice",
        _INDEX,
        "t[start:stop], t[:, 1:3]",
        "A range of a dimension, stop left out, as a view of the same memory.",
        """\
t = torch.arange(12).view(3, 4)
t[:2]  # [[0, 1, 2, 3], [4, 5, 6, 7]]
t[:, 1:3]  # [[1, 2], [5, 6], [9, 10]]
t[1:, -2:]  # [[6, 7], [10, 11]]
t[:, :1].shape  # (3, 1)
t[0, 1:3].data_ptr() == t.data_ptr() + 1 * 8  # True""",
        "range colon getitem view",
    ),
    Entry(
        "step",
        _INDEX,
        "t[start:stop:step]",
        "Every step-th index. Steps are positive in torch; flip() turns a tensor round.",
        """\
t = torch.arange(10)
t[::3]  # list(range(10))[::3]
t[1:8:2]  # list(range(10))[1:8:2]
t.flip(0)[:3]  # [9, 8, 7]""",
        "slice stride every other",
    ),
    Entry(
        "ellipsis",
        _INDEX,
        "t[..., i], t[:, None]",
        "... stands for as many full slices as are missing; None puts in a dimension of size 1.",
        """\
t = torch.arange(24).view(2, 3, 4)
t[..., 0]  # [[0, 4, 8], [12, 16, 20]]
t[0, ...].shape  # (3, 4)
t[:, None].shape  # (2, 1, 3, 4)""",
        "... dots None newaxis",
    ),
    Entry(
        "mask",
        _INDEX,
        "t[mask]",
        "A bool tensor keeps the elements where it is True, in reading order, as a new 1-D tensor.",
        """\
t = torch.tensor([[1, -2], [-3, 4]])
t > 0  # [[True, False], [False, True]]
t[t > 0]  # [1, 4]
t[torch.tensor([False, True])]  # [[-3, 4]]""",
        "boolean bool condition filter where",
    ),
    Entry(
        "index tensor",
        _INDEX,
        "t[[0, 2]], t[rows, columns]",
        "A list or tensor of whole numbers picks these indices; two of them pick pairs. It copies.",
        """\
t = torch.arange(12).view(3, 4)
t[[0, 2]]  # [[0, 1, 2, 3], [8, 9, 10, 11]]
t[[0, 1, 2], [3, 0, 1]]  # [3, 4, 9]
t[:, torch.tensor([1, 1])]  # [[1, 1], [5, 5], [9, 9]]
p = torch.tensor([[0.1, 0.9], [0.8, 0.2]])
p[torch.arange(2), torch.tensor([1, 0])]  # [0.9, 0.8]""",
        "advanced fancy list indexing",
    ),
    Entry(
        "index_select",
        _INDEX,
        "torch.index_select(t, dim, index)",
        "The listed indices of one dimension, in that order; the same may come twice.",
        """\
t = torch.arange(6).view(2, 3)
torch.index_select(t, 1, torch.tensor([2, 0]))  # [[2, 0], [5, 3]]
t.index_select(0, torch.tensor([1, 1]))  # [[3, 4, 5], [3, 4, 5]]""",
        "rows columns pick choose",
    ),
    Entry(
        "masked_select",
        _INDEX,
        "torch.masked_select(t, mask)",
        "The elements where the mask is True, as a new 1-D tensor.",
        "t = torch.tensor([[1, 5], [7, 2]])\ntorch.masked_select(t, t.ge(3))  # [5, 7]",
        "boolean bool filter mask",
    ),
    Entry(
        "take",
        _INDEX,
        "torch.take(t, index)",
        "Elements by their number in reading order, as if the tensor were one row; the result has the index's shape.",
        """\
t = torch.tensor([[10, 11, 12], [13, 14, 15]])
torch.take(t, torch.tensor([0, 5, -1]))  # [10, 15, 15]
t.take(torch.tensor([[1], [4]]))  # [[11], [14]]""",
        "flat position number",
    ),
    Entry(
        "gather",
        _INDEX,
        "torch.gather(t, dim, index)",
        "For each cell of the index one element of its line along dim: out[i][j] = t[i][index[i][j]] for dim 1.",
        """\
t = torch.tensor([[1, 2, 3], [4, 5, 6]])
t.gather(1, torch.tensor([[2, 0], [1, 1]]))  # [[3, 1], [5, 5]]
torch.gather(t, 0, torch.tensor([[1, 0, 1]]))  # [[4, 2, 6]]""",
        "lookup pick per row labels",
    ),
    Entry(
        "where",
        _INDEX,
        "torch.where(condition, a, b)",
        "The element of a where the condition is True, of b elsewhere. With the condition alone: the indices of True.",
        """\
t = torch.tensor([-1, 2, -3])
torch.where(t > 0, t, 0)  # [0, 2, 0]
torch.where(t > 0, t, -t)  # [1, 2, 3]
torch.where(t < 0)[0]  # [0, 2]
t.nonzero()  # [[0], [1], [2]]""",
        "condition if else choose nonzero",
    ),
    Entry(
        "assign",
        _INDEX,
        "t[i] = value",
        "Writes into the indexed cells in place; the value is broadcast to them.",
        """\
t = torch.zeros(2, 3)
t[0] = 1
t[:, 2] = torch.tensor([5.0, 6.0])
t  # [[1, 1, 5], [0, 0, 6]]
t[t == 0] = -1
t  # [[1, 1, 5], [-1, -1, 6]]""",
        "setitem write set in-place",
    ),
    Entry(
        "view",
        _SHAPE,
        "t.view(*shape)",
        "The same memory read in another shape; -1 is worked out. The elements must lie in order, else use reshape.",
        """\
t = torch.arange(6)
t.view(2, 3)  # [[0, 1, 2], [3, 4, 5]]
t.view(3, -1)  # [[0, 1], [2, 3], [4, 5]]
t.view(2, 3).data_ptr() == t.data_ptr()  # True
torch.zeros(8, 1, 28, 28).view(8, -1).shape  # (8, 784)""",
        "reshape flatten shape memory",
    ),
    Entry(
        "reshape",
        _SHAPE,
        "t.reshape(*shape)",
        "Another shape, elements in reading order: a view where the memory allows it, a copy where not.",
        """\
t = torch.arange(6).view(2, 3)
t.reshape(3, 2)  # [[0, 1], [2, 3], [4, 5]]
t.t().reshape(6)  # [0, 3, 1, 4, 2, 5]
t.t().reshape(6).data_ptr() == t.data_ptr()  # False
t.flatten()  # list(range(6))""",
        "view flatten ravel shape contiguous",
    ),
    Entry(
        "contiguous",
        _SHAPE,
        "t.contiguous(), t.is_contiguous(), t.stride()",
        "A copy whose elements lie in reading order, where they do not already.",
        """\
t = torch.arange(6).view(2, 3)
t.stride()  # (3, 1)
t.t().stride()  # (1, 3)
t.t().is_contiguous()  # False
t.t().contiguous().stride()  # (2, 1)
t.t().contiguous().view(6)  # [0, 3, 1, 4, 2, 5]""",
        "memory stride order copy",
    ),
    Entry(
        "squeeze",
        _SHAPE,
        "t.squeeze(dim=None)",
        "Takes out dimensions of size 1: all, or the one named.",
        """\
t = torch.zeros(1, 3, 1, 2)
t.squeeze().shape  # (3, 2)
t.squeeze(0).shape  # (3, 1, 2)
t.squeeze(1).shape  # (1, 3, 1, 2)""",
        "remove dimension size 1",
    ),
    Entry(
        "unsqueeze",
        _SHAPE,
        "t.unsqueeze(dim)",
        "Puts in a dimension of size 1 before index dim; -1 puts it last.",
        """\
t = torch.tensor([1, 2, 3])
t.unsqueeze(0)  # [[1, 2, 3]]
t.unsqueeze(-1)  # [[1], [2], [3]]
torch.zeros(32).view(32, 1, 1).unsqueeze(0).shape  # (1, 32, 1, 1)""",
        "add dimension size 1 bias batch",
    ),
    Entry(
        "expand",
        _SHAPE,
        "t.expand(*sizes)",
        "Repeats dimensions of size 1 without copying: their stride becomes 0. -1 keeps a size.",
        """\
t = torch.tensor([[1], [2]])
t.expand(2, 3)  # [[1, 1, 1], [2, 2, 2]]
t.expand(-1, 3).stride()  # (1, 0)
t.expand_as(torch.zeros(2, 2))  # [[1, 1], [2, 2]]""",
        "broadcast stride 0 expand_as broadcast_to",
    ),
    Entry(
        "repeat",
        _SHAPE,
        "t.repeat(*times)",
        "Copies the tensor so many times along each dimension; the numbers are times, not sizes.",
        """\
t = torch.tensor([[1, 2]])
t.repeat(2, 2)  # [[1, 2, 1, 2], [1, 2, 1, 2]]
t.repeat(3, 1).shape  # (3, 2)
t.repeat_interleave(2, dim=1)  # [[1, 1, 2, 2]]""",
        "tile copy repeat_interleave",
    ),
    Entry(
        "t",
        _SHAPE,
        "t.t(), t.T",
        "A matrix with rows and columns exchanged, over the same memory.",
        "m = torch.tensor([[1, 2, 3], [4, 5, 6]])\nm.t()  # [[1, 4], [2, 5], [3, 6]]\nm.T.shape  # (3, 2)",
        "transpose matrix rows columns",
    ),
    Entry(
        "transpose",
        _SHAPE,
        "t.transpose(dim0, dim1)",
        "Two dimensions exchanged, over the same memory.",
        """\
t = torch.arange(24).view(2, 3, 4)
t.transpose(1, 2).shape  # (2, 4, 3)
t.transpose(0, 2)[1, 2, 0]  # 2 * 4 + 1
t.transpose(1, 2).is_contiguous()  # False""",
        "swap dimensions swapaxes mT",
    ),
    Entry(
        "permute",
        _SHAPE,
        "t.permute(*dims)",
        "All dimensions in a new order, over the same memory; [H, W, C] becomes [C, H, W] by permute(2, 0, 1).",
        """\
picture = torch.arange(24).view(2, 4, 3)  # height, width, channel
picture.permute(2, 0, 1).shape  # (3, 2, 4)
picture.permute(2, 0, 1)[1]  # [[1, 4, 7, 10], [13, 16, 19, 22]]""",
        "order dimensions movedim channels image",
    ),
    Entry(
        "cat",
        _JOIN,
        "torch.cat(tensors, dim=0)",
        "Joins along a dimension that exists; all other sizes must be equal.",
        """\
a = torch.tensor([[1, 2], [3, 4]])
b = torch.tensor([[5, 6]])
torch.cat([a, b])  # [[1, 2], [3, 4], [5, 6]]
torch.cat([a, b.t()], dim=1)  # [[1, 2, 5], [3, 4, 6]]""",
        "concat concatenate join append vstack hstack",
    ),
    Entry(
        "stack",
        _JOIN,
        "torch.stack(tensors, dim=0)",
        "Joins along a new dimension; all shapes must be equal.",
        """\
a = torch.tensor([1, 2])
b = torch.tensor([3, 4])
torch.stack([a, b])  # [[1, 2], [3, 4]]
torch.stack([a, b], dim=1)  # [[1, 3], [2, 4]]""",
        "join new dimension batch",
    ),
    Entry(
        "split",
        _JOIN,
        "torch.split(t, size or sizes, dim=0)",
        "Cuts into pieces of this size (the last may be smaller), or of the listed sizes; the pieces are views.",
        """\
t = torch.arange(5)
[part.tolist() for part in t.split(2)]  # [[0, 1], [2, 3], [4]]
[part.tolist() for part in t.split([1, 4])]  # [[0], [1, 2, 3, 4]]
torch.zeros(2, 6).split(4, dim=1)[1].shape  # (2, 2)""",
        "cut pieces length",
    ),
    Entry(
        "chunk",
        _JOIN,
        "torch.chunk(t, count, dim=0)",
        "Cuts into at most so many pieces of equal size (the last may be smaller); the pieces are views.",
        """\
t = torch.arange(6)
[part.tolist() for part in t.chunk(3)]  # [[0, 1], [2, 3], [4, 5]]
[len(part) for part in torch.arange(5).chunk(3)]  # [2, 2, 1]""",
        "cut pieces number",
    ),
)
