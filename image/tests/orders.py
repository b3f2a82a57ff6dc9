"""Orders in the shape of Shopify's Admin REST API, written for these tests."""

from __future__ import annotations

import itertools
from typing import Any

_IDS = itertools.count(1)


def line(price: str, quantity: int = 1, tax: str = "", discount: str = "", **more: Any) -> dict[str, Any]:
    """A line of a product at 19 % VAT; `tax` is the whole line's."""
    return {
        "id": next(_IDS),
        "product_id": 7,
        "variant_id": 8,
        "name": "Red cup",
        "price": price,
        "quantity": quantity,
        "current_quantity": quantity,
        "discount_allocations": [{"amount": discount}] if discount else [],
        "tax_lines": [{"title": "VAT", "rate": 0.19, "price": tax}] if tax else [],
        **more,
    }


def order(*lines: dict[str, Any], shipping: str = "4.90", shipping_tax: str = "0.78", **more: Any) -> dict[str, Any]:
    """A paid order of a shop whose prices hold their taxes."""
    vat = [{"title": "VAT", "rate": 0.19, "price": shipping_tax}]
    return {
        "id": next(_IDS),
        "name": "#1001",
        "currency": "EUR",
        "taxes_included": True,
        "financial_status": "paid",
        "line_items": list(lines),
        "shipping_lines": [{"title": "Standard", "price": shipping, "tax_lines": vat}] if shipping else [],
        "refunds": [],
        **more,
    }


def refund(
    *rows: tuple[dict[str, Any], int, str, str], money: str = "", restock: str = "return", **more: Any
) -> dict[str, Any]:
    """A refund of (line, pieces, subtotal, tax); without `money` it only removes them."""
    return {
        "id": next(_IDS),
        "refund_line_items": [
            {
                "line_item_id": one["id"],
                "quantity": pieces,
                "subtotal": subtotal,
                "total_tax": tax,
                "restock_type": restock,
            }
            for one, pieces, subtotal, tax in rows
        ],
        "order_adjustments": [],
        "transactions": [{"id": next(_IDS), "kind": "refund", "status": "success", "amount": money}] if money else [],
        **more,
    }
