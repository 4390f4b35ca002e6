"""The text of a race's program that is the same for every race."""

HEADER = '''\
"""A race of optimisers down a function of two numbers, written by PyTorch Playground.

    python FILE.py   prints where each racer ends, and shows the paths (needs matplotlib)
"""

import torch
'''

COURSE_CLASS = '''
class CourseMomentum(torch.optim.Optimizer):
    """z = momentum * z + grad, then w = w - lr * z, with z = 0 at the start."""

    def __init__(self, params, lr=0.001, momentum=0.9):
        super().__init__(params, {"lr": lr, "momentum": momentum})

    @torch.no_grad()
    def step(self, closure=None):
        for group in self.param_groups:
            for w in group["params"]:
                z = self.state[w].setdefault("z", torch.zeros_like(w))
                z.mul_(group["momentum"]).add_(w.grad)
                w.sub_(z, alpha=group["lr"])

'''

DESCEND = '''
def descend(start, make_optimizer, make_scheduler):
    """The points after 0, 1, ..., STEPS steps, [n, 2], and f there, [n]; shorter where they are no longer finite."""
    point = torch.tensor(start, requires_grad=True)
    optimizer = make_optimizer(point)
    scheduler = make_scheduler(optimizer) if make_scheduler else None

    def evaluate():
        optimizer.zero_grad()
        value = f(point[0], point[1])
        value.backward()
        return value

    path, values = [], []
    for step in range(STEPS + 1):
        value = evaluate()
        if not torch.cat([point, point.grad, value[None]]).isfinite().all():
            break
        path.append(point.detach().clone())
        values.append(value.item())
        if step < STEPS:
            {step}
            if scheduler:
                {schedule_step}
    return torch.stack(path), values


def race():
    """Path and values of every racer, in the order of RACERS."""
    return [descend(start, make_optimizer, make_scheduler) for _, start, make_optimizer, make_scheduler in RACERS]

'''

PLOT = '''
def plot(results):
    """The function with the paths on it, and f against the step."""
    import matplotlib.pyplot as plt

    left, right, bottom, top = DOMAIN
    across, up = torch.meshgrid(torch.linspace(left, right, 200), torch.linspace(bottom, top, 200), indexing="xy")
    height = torch.zeros_like(across) + f(across, up)
    figure, (surface, curves) = plt.subplots(1, 2, figsize=(13, 6), layout="constrained")
    surface.contourf(across, up, {shown}, levels=30, cmap="viridis")
    for (name, *_), (path, values) in zip(RACERS, results):
        surface.plot(path[:, 0], path[:, 1], ".-", markersize=3, label=name)
        curves.plot(values)
    surface.set(title={title}, xlabel={across}, ylabel={up}, xlim=(left, right), ylim=(bottom, top))
    curves.set(title="f after every step", xlabel="step", ylabel="f", yscale={scale})
    figure.legend(*surface.get_legend_handles_labels(), loc="outside lower center", ncols=3)
    plt.show()


if __name__ == "__main__":
    results = race()
    for (name, *_), (path, values) in zip(RACERS, results):
        x, y = path[-1].tolist()
        print(f"{{name}}: f = {{values[-1]:.6g}} at ({{x:.6g}}, {{y:.6g}}) after {{len(values) - 1}} steps")
    plot(results)
'''
