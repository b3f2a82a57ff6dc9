"""The patches of frappe/ecommerce_integrations: where each gap is, how a closed one is known, how it is closed."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from source_text import Insertion, SourceText

APP = "ecommerce_integrations"
ORDER = f"{APP}/shopify/order.py"
PRODUCT = f"{APP}/shopify/product.py"
PACKAGE = f"{APP}/shopify/__init__.py"

# The module of our own app that puts its functions in place of the connector's.
BOOKS = "shopify_books.connector"

# Length of Item.item_name and of an order line's item_name in ERPNext, in characters.
ITEM_NAME_LENGTH = 140

# Expressions that bind tighter than "or", and so need no brackets in front of one.
_ATOMS = (ast.Attribute, ast.Call, ast.Constant, ast.JoinedStr, ast.Name, ast.Subscript)


_Node = TypeVar("_Node", bound=ast.AST)


class PlaceNotFound(Exception):
    """The code is not as the patch knows it; the message is what was found instead."""


# What to insert into a file; None when the function already behaves as the patch wants it.
Decision = list[Insertion] | None


@dataclass(frozen=True)
class Patch:
    """One gap: where it is, what is looked for there, and how it is closed. Without a function it is the whole file's."""

    id: str
    file: str
    function: str
    sought: str
    decide: Callable[[SourceText, ast.AST], Decision]


def fetch_all_orders(source: SourceText, function: ast.AST) -> Decision:
    """REST returns open orders only, unless it is asked for any status; most of a shop's history is archived."""
    calls = [call for call in _calls(function) if _is_order_find(call)]
    if not calls and _asks_graphql_for_orders(function):
        return None
    keywords = _only(calls).keywords
    if any(keyword.arg is None for keyword in keywords):
        raise PlaceNotFound("one that takes ** arguments, which may hold a status of their own")
    for keyword in keywords:
        if keyword.arg == "status":
            if isinstance(keyword.value, ast.Constant) and keyword.value.value == "any":
                return None
            raise PlaceNotFound(f"one with status={ast.unparse(keyword.value)}")
    return [Insertion(source.end(keywords[-1]), ', status="any"')]


def item_name_cut(source: SourceText, function: ast.AST) -> Decision:
    """ERPNext refuses names over 140 characters, Shopify's titles reach 255; without a name ERPNext takes its own."""
    value = _only(list(_values_of(function, "item_name")))
    if _is_cut(value):
        return None
    opening, closing = ("", "") if isinstance(value, _ATOMS) else ("(", ")")
    return [
        Insertion(source.start(value), f"str({opening}"),
        Insertion(source.end(value), f'{closing} or "")[:{ITEM_NAME_LENGTH}] or None'),
    ]


def order_fault_tolerance(source: SourceText, function: ast.AST) -> Decision:
    """An order whose sync raises would end the run; committed orders are safe, since each one's log commits it."""
    call = _only([call for call in _calls(function) if _is_call_of(call, "sync_sales_order")])
    around = _ancestors(function, call)
    steps = list(zip(around, around[1:]))
    loop = next((index for index, step in enumerate(steps) if _is_loop(*step)), None)
    if loop is None:
        raise PlaceNotFound("one outside any for loop")
    if any(_survives(*step) for step in steps[:loop]):
        return None
    statement, block = around[0], around[1]
    stands_alone = source.before(statement).strip() == "" and re.fullmatch(r"\s*(#.*)?", source.after(statement))
    if not isinstance(statement, ast.Expr) or not stands_alone:
        raise PlaceNotFound("one that is part of another statement or shares its line")
    indent = source.before(statement)
    # A block on its own deeper level, with the file's own tabs or spaces.
    level = indent.removeprefix(source.indentation(block))
    handler = "".join(source.newline + indent + line.replace("\t", level) for line in _handler(source.tree))
    return [
        Insertion(source.start(statement), f"try:{source.newline}{indent}{level}"),
        Insertion(source.end(statement) + len(source.after(statement)), handler),
    ]


def books_app(source: SourceText, module: ast.AST) -> Decision:
    """No hook of Frappe's is sure to run in a process before the connector does: a worker resolves a job's method first."""
    imports = (node for node in ast.walk(module) if isinstance(node, ast.Import))
    if any(alias.name == BOOKS for node in imports for alias in node.names):
        return None
    start = "" if not source.text or source.text.endswith(("\n", "\r")) else source.newline
    return [Insertion(len(source.text), f"{start}import {BOOKS}  # noqa: E402, F401{source.newline}")]


PATCHES = (
    Patch("books-app", PACKAGE, "", f"import {BOOKS}", books_app),
    Patch(
        "fetch-all-orders",
        ORDER,
        "_fetch_old_orders",
        "one call Order.find(...) with keyword arguments",
        fetch_all_orders,
    ),
    Patch("line-item-name", ORDER, "get_order_items", 'one value for "item_name"', item_name_cut),
    Patch(
        "order-fault-tolerance",
        ORDER,
        "sync_old_orders",
        "one statement sync_sales_order(...) in a for loop",
        order_fault_tolerance,
    ),
    Patch("product-item-name", PRODUCT, "_create_item", 'one value for "item_name"', item_name_cut),
)


def _handler(tree: ast.Module) -> list[str]:
    """The except clause, a tab for each level; it logs through the connector's own function where the module has it."""
    imports = (node for node in tree.body if isinstance(node, (ast.Import, ast.ImportFrom)))
    names = {alias.asname or alias.name for node in imports for alias in node.names}
    if "frappe" not in names:
        raise PlaceNotFound('a module without "import frappe"')
    log_error = 'frappe.log_error(title="Shopify order was not synced", message=frappe.get_traceback())'
    if "create_shopify_log" not in names:
        return ["except Exception:", "\tfrappe.db.rollback()", f"\t{log_error}"]
    return [
        "except Exception as sync_error:",
        "\t# One bad order must not end the run over all the others.",
        "\tfrappe.db.rollback()",
        "\ttry:",
        # As text: the connector reads .message of an exception object and stumbles over one that is empty.
        '\t\tcreate_shopify_log(status="Error", exception=repr(sync_error))',
        "\texcept Exception:",
        "\t\tfrappe.db.rollback()",
        f"\t\t{log_error}",
    ]


def _is_loop(inner: ast.AST, block: ast.AST) -> bool:
    return isinstance(block, (ast.For, ast.AsyncFor)) and inner in block.body


def _survives(inner: ast.AST, block: ast.AST) -> bool:
    """Whether an exception of `inner`, a part of `block`, is caught, rolled back and left behind."""
    return isinstance(block, ast.Try) and inner in block.body and any(_recovers(handler) for handler in block.handlers)


def _recovers(handler: ast.ExceptHandler) -> bool:
    caught = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    names = {kind.id for kind in caught if isinstance(kind, ast.Name)}
    if handler.type is not None and names.isdisjoint(("Exception", "BaseException")):
        return False
    if any(isinstance(node, (ast.Raise, ast.Return, ast.Break)) for node in ast.walk(handler)):
        return False
    return any(_rolls_back(call) for call in _calls(handler))


def _rolls_back(call: ast.Call) -> bool:
    """`frappe.db.rollback()`, or the connector's log with `rollback=True`."""
    if isinstance(call.func, ast.Attribute) and call.func.attr == "rollback":
        return True
    return any(
        keyword.arg == "rollback" and isinstance(keyword.value, ast.Constant) and keyword.value.value is True
        for keyword in call.keywords
    )


def _is_call_of(call: ast.Call, name: str) -> bool:
    return isinstance(call.func, ast.Name) and call.func.id == name


def _is_order_find(call: ast.Call) -> bool:
    find = call.func
    return (
        isinstance(find, ast.Attribute)
        and find.attr == "find"
        and isinstance(find.value, ast.Name)
        and find.value.id == "Order"
        and bool(call.keywords)
    )


def _asks_graphql_for_orders(function: ast.AST) -> bool:
    """Whether it asks the Admin GraphQL API for orders, which shows those of every status unless its search names one."""
    texts = [node.value for node in ast.walk(function) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    if not any(isinstance(call.func, ast.Attribute) and call.func.attr == "execute" for call in _calls(function)):
        return False
    queries = [text for text in texts if re.search(r"\borders\s*\(", text)]
    for text in texts:
        search = re.search(r"\bstatus:\S*", text)
        if search and search.group() != "status:any":
            raise PlaceNotFound(f"a search for {search.group()}")
    return len(queries) == 1


def _is_cut(value: ast.AST) -> bool:
    """Whether the expression ends in [:140] or less. Where this does not see it, a second cut does no harm."""
    if isinstance(value, ast.BoolOp) and isinstance(value.op, ast.Or):
        return _is_cut(value.values[0]) and all(isinstance(other, ast.Constant) for other in value.values[1:])
    if not isinstance(value, ast.Subscript) or not isinstance(value.slice, ast.Slice):
        return False
    lower, upper, step = (_constant(part) for part in (value.slice.lower, value.slice.upper, value.slice.step))
    return lower in (None, 0) and step is None and isinstance(upper, int) and 0 < upper <= ITEM_NAME_LENGTH


def _constant(node: ast.AST | None) -> object:
    """The value of a literal; an absent node is None, anything else no value that a caller compares with."""
    if node is None:
        return None
    return node.value if isinstance(node, ast.Constant) else node


def _values_of(function: ast.AST, key: str) -> Iterator[ast.expr]:
    """Every expression that the function gives to `key`: in a dict, as keyword argument, or by assignment to [key]."""
    for node in ast.walk(function):
        if isinstance(node, ast.Dict):
            yield from (value for name, value in zip(node.keys, node.values) if _constant(name) == key)
        elif isinstance(node, ast.keyword) and node.arg == key:
            yield node.value
        elif isinstance(node, ast.Assign):
            subscripts = (target.slice for target in node.targets if isinstance(target, ast.Subscript))
            yield from (node.value for subscript in subscripts if _constant(subscript) == key)


def _calls(node: ast.AST) -> list[ast.Call]:
    return [inner for inner in ast.walk(node) if isinstance(inner, ast.Call)]


def _ancestors(function: ast.AST, node: ast.AST) -> list[ast.stmt | ast.ExceptHandler]:
    """The statement that holds the node, and the blocks around it, up to and without the function."""
    parents = {child: parent for parent in ast.walk(function) for child in ast.iter_child_nodes(parent)}
    chain: list[ast.stmt | ast.ExceptHandler] = []
    while node is not function:
        if isinstance(node, (ast.stmt, ast.ExceptHandler)):
            chain.append(node)
        node = parents[node]
    return chain


def _only(found: Sequence[_Node]) -> _Node:
    if len(found) != 1:
        raise PlaceNotFound(str(len(found)) if found else "none")
    return found[0]


def decide(patch: Patch, source: SourceText) -> Decision:
    """Raises PlaceNotFound, with a sentence that names file, function and what was looked for."""
    if not patch.function:
        return patch.decide(source, source.tree)
    definitions = [
        node
        for node in ast.walk(source.tree)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name == patch.function
    ]
    if len(definitions) != 1:
        raise PlaceNotFound(
            f"{patch.file}: looked for one function {patch.function}, found {len(definitions) or 'none'}."
        )
    try:
        return patch.decide(source, definitions[0])
    except PlaceNotFound as error:
        raise PlaceNotFound(f"{patch.file}: looked in {patch.function} for {patch.sought}, found {error}.") from error
