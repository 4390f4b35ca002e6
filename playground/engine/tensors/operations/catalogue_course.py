"""The catalogue: the worked examples of a first course, each written out by hand beside autograd."""

from playground.engine.tensors.operations.operation_events import Entry

_COURSE = "Worked examples"

ENTRIES = (
    Entry(
        "perceptron gradient",
        _COURSE,
        "dL/dw_jk = 2/N (o_k - t_k) o_k (1 - o_k) x_j",
        "One layer of N sigmoids and the mean squared error. The mean brings the factor 2/N that many notes leave out.",
        """\
x = torch.tensor([[1.0, -2.0, 0.5]])
w = torch.tensor([[0.1, -0.2, 0.3], [0.4, 0.5, -0.6]], requires_grad=True)
t = torch.tensor([[1.0, 0.0]])
o = torch.sigmoid(x @ w.t())
F.mse_loss(o, t).backward()
w.grad.shape  # (2, 3)
N = o.numel()
hand = 2 / N * ((o - t) * o * (1 - o)).t() @ x
torch.allclose(w.grad, hand)  # True""",
        "single multi output perceptron sigmoid mse derivative",
    ),
    Entry(
        "softmax's Jacobian",
        _COURSE,
        "dp_i/da_j = p_i (1 - p_j) if i == j else -p_i p_j",
        "Each probability depends on every logit: the own derivative is positive, all others negative.",
        """\
a = torch.tensor([0.0, math.log(2), math.log(5)], requires_grad=True)
p = F.softmax(a, dim=0)
p  # [1 / 8, 2 / 8, 5 / 8]
torch.autograd.grad(p[1], a, retain_graph=True)[0]  # [-2 / 64, 2 * 6 / 64, -10 / 64]
J = torch.autograd.functional.jacobian(lambda a: F.softmax(a, dim=0), a)
hand = torch.diag(p) - torch.outer(p, p)
torch.allclose(J, hand)  # True
J.sum(1).abs() < 1e-6  # [True, True, True]""",
        "softmax derivative jacobian diag outer probability",
    ),
    Entry(
        "chain rule in two layers",
        _COURSE,
        "dy2/dw1 = dy2/dy1 * dy1/dw1",
        "The derivative through two layers is the product of the two derivatives.",
        """\
x = torch.tensor(1.0)
w1 = torch.tensor(2.0, requires_grad=True)
b1 = torch.tensor(1.0)
w2 = torch.tensor(3.0, requires_grad=True)
b2 = torch.tensor(1.0)
y1 = x * w1 + b1
y2 = y1 * w2 + b2
dy2_dy1 = torch.autograd.grad(y2, y1, retain_graph=True)[0]
dy1_dw1 = torch.autograd.grad(y1, w1, retain_graph=True)[0]
dy2_dy1  # 3
dy1_dw1  # 1
torch.autograd.grad(y2, w1, retain_graph=True)[0]  # 3 * 1
torch.autograd.grad(y2, w2)[0]  # 1 * 2 + 1""",
        "derivative composition grad factors",
    ),
    Entry(
        "backpropagation by hand",
        _COURSE,
        "delta_j = o_j (1 - o_j) sum_k w_kj delta_k",
        "Two sigmoid layers: the error of the hidden one is the outer error sent back through the weights.",
        """\
x = torch.tensor([[1.0, 2.0]])
v = torch.tensor([[0.5, -0.5], [0.25, 0.75]], requires_grad=True)
w = torch.tensor([[1.0, -1.0]], requires_grad=True)
t = torch.tensor([[1.0]])
h = torch.sigmoid(x @ v.t())
o = torch.sigmoid(h @ w.t())
(0.5 * (o - t) ** 2).sum().backward()
outer = (o - t) * o * (1 - o)
hidden = h * (1 - h) * (outer @ w)
torch.allclose(w.grad, outer.t() @ h)  # True
torch.allclose(v.grad, hidden.t() @ x)  # True""",
        "backprop delta hidden output layer mlp gradient",
    ),
    Entry(
        "raw-tensor MLP",
        _COURSE,
        "F.relu(x @ w.t() + b) for each layer",
        "Three layers without nn.Module: weights with requires_grad, an optimiser over the list, cross entropy.",
        """\
g = torch.Generator().manual_seed(0)
sizes = [(16, 8), (16, 16), (3, 16)]
ws = [(torch.randn(size, generator=g) * (2 / size[1]) ** 0.5).requires_grad_() for size in sizes]
bs = [torch.zeros(size[0], requires_grad=True) for size in sizes]
def forward(x):
    for w, b in zip(ws[:-1], bs[:-1]):
        x = F.relu(x @ w.t() + b)
    return x @ ws[-1].t() + bs[-1]
x = torch.randn(30, 8, generator=g)
y = torch.arange(30) % 3
x = x + 3 * F.one_hot(y, 8)
optimizer = torch.optim.SGD([*ws, *bs], lr=0.1)
for step in range(60):
    loss = F.cross_entropy(forward(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
forward(x).shape  # (30, 3)
loss.item() < 0.1  # True
(forward(x).argmax(1) == y).float().mean()  # 1""",
        "multi layer perceptron network mnist requires_grad sgd train kaiming",
    ),
    Entry(
        "linear regression",
        _COURSE,
        "w <- w - lr * 2/N sum x (w x + b - y)",
        "A line through points by gradient descent on the mean squared error, the gradient written out.",
        """\
x = torch.tensor([0.0, 1.0, 2.0, 3.0])
y = 2 * x + 1
w, b = torch.tensor(0.0), torch.tensor(0.0)
for step in range(1000):
    error = w * x + b - y
    w = w - 0.1 * 2 / len(x) * (error * x).sum()
    b = b - 0.1 * 2 / len(x) * error.sum()
round(w.item(), 3)  # 2.0
round(b.item(), 3)  # 1.0""",
        "gradient descent line fit least squares",
    ),
    Entry(
        "logistic regression",
        _COURSE,
        "dL/dw = 1/N sum (p - y) x",
        "A sigmoid and the cross entropy: the gradient is the probability minus the label, times the input.",
        """\
x = torch.tensor([[-2.0], [-1.0], [1.0], [2.0]])
y = torch.tensor([[0.0], [0.0], [1.0], [1.0]])
w = torch.zeros(1, 1, requires_grad=True)
p = torch.sigmoid(x @ w)
F.binary_cross_entropy(p, y)  # math.log(2)
F.binary_cross_entropy(p, y).backward()
w.grad  # [[(0.5 * -2 + 0.5 * -1 - 0.5 * 1 - 0.5 * 2) / 4]]
hand = x.t() @ (p - y) / len(x)
torch.allclose(w.grad, hand)  # True
with torch.no_grad():
    w -= 1.0 * w.grad
((torch.sigmoid(x @ w) > 0.5).float() == y).all()  # True""",
        "classification sigmoid binary cross entropy gradient descent",
    ),
)
