"""The code that made a tensor as a function of its leaves, in float64, without running anything else of it again."""

import ast
import copy
from collections.abc import Callable, Iterator, Mapping, Sequence

import torch
from torch import Tensor, nn

from playground.engine.problems import Problem

Function = Callable[..., Tensor]
_CLOSE = 1e-3
"""So far a function may be from what its tensor holds: float32 rounds."""


def rebuilt(
    source: str, namespace: Mapping[str, object], output: str, leaves: Sequence[tuple[str, Tensor]]
) -> tuple[Function, dict[str, Tensor]]:
    """The lines that made a tensor as a function of its leaves, for `gradcheck`.

    Only statements that assign the tensor, and those that assign what these use, are run again, on copies.

    Parameters
    ----------
    source : str
        Code that has been run already.
    namespace : mapping
        The variables; floating-point tensors and modules are copied in float64, nothing is changed.
    output : str
        The tensor's name.
    leaves : sequence of (str, Tensor)
        What the function takes: variables, or parameters of modules among the variables, with what to call them.

    Raises
    ------
    Problem
        `graph-check` where the code does not give the tensor.
    """
    code = compile(_slice(source, namespace, output), "<gradcheck>", "exec")
    wide = {name: _in_double(value) for name, value in namespace.items()}
    places = [_place(tensor, namespace) for _, tensor in leaves]
    given = [(place, pair) for place, pair in zip(places, leaves, strict=True) if place is not None]

    def function(*tensors: Tensor) -> Tensor:
        variables = dict(wide)
        for (place, _), tensor in zip(given, tensors, strict=True):
            _put(place, tensor, variables)
        exec(code, variables)
        result = variables.get(output)
        if not isinstance(result, Tensor):
            raise Problem("graph-check", detail=f"the cells so far do not say how {output} was made")
        return result

    inputs = {name: tensor for _, (name, tensor) in given}
    return function, inputs


def has_changed(function: Function, inputs: Mapping[str, Tensor], output: object) -> bool:
    """Whether a rebuilt function gives another tensor now, since what it takes besides its leaves has changed.

    Of functions that draw random numbers nobody can tell.
    """
    with torch.random.fork_rng(devices=[]):
        first, second = (function(*(tensor.detach().double() for tensor in inputs.values())) for _ in range(2))
    return torch.equal(first, second) and not (isinstance(output, Tensor) and _is_close(first, output))


def _slice(source: str, namespace: Mapping[str, object], output: str) -> ast.Module:
    """The statements that the tensor comes from, in their order."""
    try:
        tree = ast.parse(source)
    except SyntaxError as error:
        raise Problem("graph-check", detail=f"the cells so far are no plain Python: {error.msg}") from error
    wanted, kept = {output}, []
    for line in reversed(tree.body):
        stored = set(_names(line, ast.Store))
        if wanted & stored and not isinstance(line, ast.FunctionDef | ast.ClassDef | ast.Import | ast.ImportFrom):
            kept.append(line)
            if isinstance(line, ast.Assign | ast.AnnAssign):
                wanted -= stored
            loaded = set(_names(line, ast.Load))
            wanted |= {name for name in loaded if name not in namespace or _is_between(namespace[name])}
    tree.body = kept[::-1]
    return tree


def _names(line: ast.stmt, context: type[ast.expr_context]) -> Iterator[str]:
    for node in ast.walk(line):
        if isinstance(node, ast.Name) and isinstance(node.ctx, context):
            yield node.id
        if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
            yield node.target.id


def _is_between(value: object) -> bool:
    """Whether it is made anew for other leaves; everything else is taken as it is."""
    return isinstance(value, Tensor) and value.grad_fn is not None


_Place = tuple[str, str, str]


def _place(leaf: Tensor, namespace: Mapping[str, object]) -> _Place | None:
    """The variable that is the leaf, or that holds it with the paths of the module and of the parameter in it."""
    for name, value in namespace.items():
        if value is leaf:
            return name, "", ""
    for name, value in namespace.items():
        for path, module in value.named_modules() if isinstance(value, nn.Module) else ():
            for key, parameter in module._parameters.items():
                if parameter is leaf:
                    return name, path, key
    return None


def _put(place: _Place, tensor: Tensor, variables: dict[str, object]) -> None:
    name, path, key = place
    holder = variables[name]
    if key and isinstance(holder, nn.Module):
        holder.get_submodule(path)._parameters[key] = tensor  # type: ignore[assignment]  # a leaf of gradcheck's
    else:
        variables[name] = tensor


def _is_close(found: Tensor, output: Tensor) -> bool:
    wanted = output.detach().to(found)
    return found.shape == wanted.shape and torch.allclose(found, wanted, rtol=_CLOSE, atol=_CLOSE, equal_nan=True)


def _in_double(value: object) -> object:
    if isinstance(value, Tensor) and value.is_floating_point():
        return value.detach().double()
    if isinstance(value, nn.Module):
        return copy.deepcopy(value).double()
    return value
