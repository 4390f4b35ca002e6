"""The catalogue: many elements to few, the largest ones, and encodings of classes."""

from playground.engine.tensors.operations.operation_events import Entry

_SUM = "Sums, means and norms"
_LARGEST = "Smallest and largest"
_CLASSES = "Classes and words"
_GRADIENT = "Gradients"

ENTRIES = (
    Entry(
        "sum",
        _SUM,
        "t.sum(dim=None, keepdim=False)",
        "The sum of all elements, or along dim, which goes away unless keepdim says otherwise.",
        """\
t = torch.tensor([[1, 2, 3], [4, 5, 6]])
t.sum()  # 21
t.sum(0)  # [5, 7, 9]
t.sum(dim=1)  # [6, 15]
t.sum(1, keepdim=True)  # [[6], [15]]
t.sum((0, 1))  # 21""",
        "total add reduce keepdim",
    ),
    Entry(
        "mean",
        _SUM,
        "t.mean(dim=None, keepdim=False), t.std(), t.var(), t.median()",
        "The mean of float elements, whole or along dim. std and var divide by n - 1.",
        """\
t = torch.tensor([[1.0, 2.0], [3.0, 6.0]])
t.mean()  # 3
t.mean(1)  # [1.5, 4.5]
t.mean(0, keepdim=True).shape  # (1, 2)
t.var()  # ((1 - 3) ** 2 + (2 - 3) ** 2 + 0 + (6 - 3) ** 2) / 3
t.std(0)  # [2**0.5, 8**0.5]
t.median()  # 2""",
        "average std var median standard deviation",
    ),
    Entry(
        "prod",
        _SUM,
        "t.prod(dim=None, keepdim=False)",
        "The product of all elements, or along dim.",
        "t = torch.tensor([[1, 2], [3, 4]])\nt.prod()  # 24\nt.prod(1)  # [2, 12]",
        "product multiply factorial",
    ),
    Entry(
        "cumsum",
        _SUM,
        "t.cumsum(dim)",
        "The sum so far along dim; cumprod is the product so far.",
        "t = torch.tensor([1, 2, 3, 4])\nt.cumsum(0)  # [1, 3, 6, 10]\nt.cumprod(0)  # [1, 2, 6, 24]",
        "cumulative running cumprod",
    ),
    Entry(
        "norm",
        _SUM,
        "t.norm(p=2, dim=None)",
        "(sum |t|^p)^(1/p): the length of a vector for p = 2, the sum of sizes for p = 1; whole or along dim.",
        """\
t = torch.tensor([[3.0, 4.0], [-6.0, 8.0]])
t.norm()  # (9 + 16 + 36 + 64) ** 0.5
t.norm(1)  # 21
t.norm(2, dim=1)  # [5, 10]
t.norm(1, dim=0)  # [9, 12]
t.norm(float("inf"))  # 8""",
        "length L1 L2 euclidean weight decay regularisation",
    ),
    Entry(
        "all",
        _SUM,
        "t.all(dim=None), t.any(dim=None)",
        "Whether all elements are True, or any.",
        """\
t = torch.tensor([[True, False], [True, True]])
t.all()  # False
t.any()  # True
t.all(1)  # [False, True]""",
        "any every bool",
    ),
    Entry(
        "max",
        _LARGEST,
        "t.max(), t.max(dim, keepdim=False)",
        "The largest element; with dim both the values and where they stand. max(a, b) compares two tensors.",
        """\
t = torch.tensor([[1, 9, 3], [7, 5, 6]])
t.max()  # 9
values, indices = t.max(1)
values  # [9, 7]
indices  # [1, 0]
t.max(dim=1, keepdim=True).values.shape  # (2, 1)
torch.max(t, torch.tensor(6))  # [[6, 9, 6], [7, 6, 6]]""",
        "maximum largest amax",
    ),
    Entry(
        "min",
        _LARGEST,
        "t.min(), t.min(dim, keepdim=False)",
        "The smallest element; with dim both the values and where they stand.",
        """\
t = torch.tensor([[1, 9, 3], [7, 5, 6]])
t.min()  # 1
t.min(0).values  # [1, 5, 3]
t.min(0).indices  # [0, 1, 0]""",
        "minimum smallest amin",
    ),
    Entry(
        "argmax",
        _LARGEST,
        "t.argmax(dim=None)",
        "Where the largest element stands: along dim, or in reading order of the whole. argmax(dim=1) of logits is "
        "the predicted class.",
        """\
logits = torch.tensor([[0.1, 2.0, 0.3], [1.5, 0.2, 0.1]])
logits.argmax(dim=1)  # [1, 0]
logits.argmax()  # 1
logits.argmax(1, keepdim=True)  # [[1], [0]]
(logits.argmax(1) == torch.tensor([1, 2])).sum().item()  # 1""",
        "prediction class index largest accuracy",
    ),
    Entry(
        "argmin",
        _LARGEST,
        "t.argmin(dim=None)",
        "Where the smallest element stands.",
        "t = torch.tensor([[4, 2], [1, 3]])\nt.argmin()  # 2\nt.argmin(1)  # [1, 0]",
        "index smallest",
    ),
    Entry(
        "topk",
        _LARGEST,
        "t.topk(k, dim=-1, largest=True)",
        "The k largest (or smallest) along dim, in order, and where they stand.",
        """\
t = torch.tensor([[0.1, 0.5, 0.4], [0.7, 0.2, 0.1]])
t.topk(2, dim=1).indices  # [[1, 2], [0, 1]]
t.topk(1).values  # [[0.5], [0.7]]
t.topk(2, dim=1, largest=False).indices  # [[0, 2], [2, 1]]""",
        "largest k best top-5",
    ),
    Entry(
        "kthvalue",
        _LARGEST,
        "t.kthvalue(k, dim=-1)",
        "The k-th smallest along dim, counted from 1, and where it stands.",
        """\
t = torch.tensor([[30, 10, 20], [1, 2, 3]])
t.kthvalue(2, dim=1).values  # [20, 2]
t.kthvalue(3).indices  # [0, 2]""",
        "k-th smallest order median",
    ),
    Entry(
        "sort",
        _LARGEST,
        "t.sort(dim=-1, descending=False), t.argsort()",
        "Along dim in order, and where each stood.",
        """\
t = torch.tensor([3, 1, 2])
t.sort().values  # sorted([3, 1, 2])
t.sort(descending=True).indices  # [0, 2, 1]
t.argsort()  # [1, 2, 0]""",
        "order argsort descending",
    ),
    Entry(
        "unique",
        _LARGEST,
        "t.unique(return_counts=False)",
        "Each value once, in order; how often where asked.",
        """\
t = torch.tensor([2, 1, 2, 3, 2])
t.unique()  # sorted({2, 1, 2, 3, 2})
t.unique(return_counts=True)[1]  # [1, 3, 1]""",
        "distinct set count values bincount",
    ),
    Entry(
        "one_hot",
        _CLASSES,
        "F.one_hot(labels, num_classes)",
        "A row for each label with a single 1 at the class. Labels must be int64 and below num_classes.",
        """\
labels = torch.tensor([2, 0])
F.one_hot(labels, 3)  # [[0, 0, 1], [1, 0, 0]]
out = torch.zeros(2, 3)
out.scatter_(1, labels.view(-1, 1), 1)  # [[0, 0, 1], [1, 0, 0]]""",
        "onehot class label encode scatter_",
    ),
    Entry(
        "Embedding",
        _CLASSES,
        "nn.Embedding(num_embeddings, embedding_dim)",
        "A table with a learned row for each number: the layer gives the rows that the numbers name.",
        """\
table = nn.Embedding.from_pretrained(torch.tensor([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]))
table(torch.tensor([2, 0]))  # [[5, 6], [1, 2]]
table(torch.tensor([[1, 1]])).shape  # (1, 2, 2)
nn.Embedding(10, 4).weight.shape  # (10, 4)""",
        "word vector lookup table embed",
    ),
    Entry(
        "softmax",
        _CLASSES,
        "F.softmax(t, dim), F.log_softmax(t, dim)",
        "exp(t) divided by its sum along dim: positive numbers that add up to 1.",
        """\
t = torch.tensor([[0.0, 0.0], [0.0, math.log(3)]])
F.softmax(t, dim=1)  # [[0.5, 0.5], [0.25, 0.75]]
t.softmax(1).sum(1)  # [1, 1]
F.log_softmax(t, dim=1)[0]  # [-math.log(2), -math.log(2)]""",
        "probability log_softmax classes",
    ),
    Entry(
        "cross_entropy",
        _CLASSES,
        "F.cross_entropy(logits, labels)",
        "Minus the log of the probability of the right class, the mean over the batch; softmax is inside.",
        """\
logits = torch.tensor([[0.0, math.log(3)]])
F.cross_entropy(logits, torch.tensor([1]))  # -math.log(0.75)
F.nll_loss(F.log_softmax(logits, 1), torch.tensor([0]))  # -math.log(0.25)""",
        "loss nll_loss classification",
    ),
    Entry(
        "mse_loss",
        _CLASSES,
        "F.mse_loss(prediction, target)",
        "The mean of the squared differences; both must have the same shape.",
        "F.mse_loss(torch.tensor([1.0, 2.0]), torch.tensor([3.0, 2.0]))  # ((1 - 3) ** 2 + 0) / 2",
        "loss squared error regression",
    ),
    Entry(
        "backward",
        _GRADIENT,
        "loss.backward(), t.grad",
        "The gradient of a single number with respect to all leaves that ask for it, added to their .grad.",
        """\
x = torch.tensor(3.0, requires_grad=True)
y = x**2 + 2 * x
y.backward()
x.grad  # 2 * 3 + 2
(5 * x).backward()
x.grad  # 8 + 5""",
        "gradient derivative autograd requires_grad accumulate",
    ),
    Entry(
        "autograd.grad",
        _GRADIENT,
        "torch.autograd.grad(output, inputs)",
        "The gradients as a tuple, without touching .grad.",
        """\
w = torch.tensor([1.0, 2.0], requires_grad=True)
torch.autograd.grad((w**3).sum(), w)[0]  # [3, 12]
w.grad is None  # True""",
        "gradient derivative partial",
    ),
    Entry(
        "no_grad",
        _GRADIENT,
        "with torch.no_grad():, t.detach()",
        "Computes without recording, as an update of weights needs it; detach() cuts one tensor off.",
        """\
w = torch.tensor([1.0, 2.0], requires_grad=True)
with torch.no_grad():
    w -= 0.5
w.is_leaf  # True
w  # [0.5, 1.5]
w.detach().requires_grad  # False""",
        "detach inference leaf update requires_grad_",
    ),
)
