"""How many orders an hour a real ERPNext books, from Shopify's delivery through the door to the Payment Entry.

    python -m deliveries.tests.orders_bench --site http://127.0.0.1:8080 --name erp.acme.example --hook https://hooks.acme.example --shop acme.myshopify.com

Environment: SHOPIFY_API_SECRET, which signs, and ERPNEXT_API_KEY and ERPNEXT_API_SECRET, which read. It makes twelve items and as many orders as it
is told, for a test company alone: nothing takes them back. How many are booked at once is the server's ORDERS_AT_ONCE. The payloads carry their
transactions, so Shopify is not asked.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import random
import socket
import ssl
import sys
import threading
import time
import urllib.parse
import uuid
from datetime import datetime, timezone
from typing import Any
from zoneinfo import ZoneInfo

from .shopify import HOOK, body_of, sign

ITEMS = 12
PRICE = 7.90
# Seconds in which not one order is made, after which the rest counts as errors.
STANDSTILL = 300.0
# Seconds between two looks at what is booked, each of which times a page too.
LOOK = 2.0


class Erpnext:
    def __init__(self, address: str, name: str) -> None:
        self._url = urllib.parse.urlsplit(address)
        self._headers = {"Host": name, "Accept": "application/json", "Content-Type": "application/json"}
        self._headers["Authorization"] = f"token {os.environ['ERPNEXT_API_KEY']}:{os.environ['ERPNEXT_API_SECRET']}"

    def ask(self, method: str, path: str, fields: dict[str, Any] | None = None) -> Any:
        connection = connect(self._url)
        connection.request(method, path.replace(" ", "%20"), json.dumps(fields) if fields else None, self._headers)
        answer = connection.getresponse()
        content = answer.read()
        if answer.status >= 300 and answer.status != 409:
            raise SystemExit(f"{method} {path}: HTTP {answer.status} {content[:300]!r}")
        return json.loads(content)

    def list(self, doctype: str, fields: list[str], filters: list[Any]) -> list[dict[str, Any]]:
        query = {"fields": json.dumps(fields), "filters": json.dumps(filters), "limit_page_length": "0"}
        return self.ask("GET", f"/api/resource/{urllib.parse.quote(doctype)}?{urllib.parse.urlencode(query)}")["data"]

    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.ask("GET", "/api/method/frappe.client.get_time_zone")["message"]["time_zone"])

    def make_items(self) -> None:
        for number in range(ITEMS):
            code = f"BENCH-{number}"
            item = {"item_code": code, "item_name": code, "item_group": "All Item Groups", "stock_uom": "Nos", "is_stock_item": 0}
            self.ask("POST", "/api/resource/Item", item)
            link = {"integration": "shopify", "erpnext_item_code": code, "integration_item_code": product(number), "sku": code}
            if not self.list("Ecommerce Item", ["name"], [["integration_item_code", "=", product(number)]]):
                self.ask("POST", "/api/resource/Ecommerce Item", {**link, "variant_id": variant(number), "has_variants": 0})


def connect(url: urllib.parse.SplitResult, name: str = "") -> http.client.HTTPConnection:
    if url.scheme == "http":
        return http.client.HTTPConnection(url.netloc, timeout=120)
    # A test customer's certificate is not trusted, and what is sent is made up.
    connection = http.client.HTTPSConnection(name or url.netloc, timeout=120, context=ssl._create_unverified_context())
    if name:
        address = (url.hostname, url.port or 443)
        connection._create_connection = lambda _named, *rest: socket.create_connection(address, *rest)  # type: ignore[attr-defined]
    return connection


def product(number: int) -> str:
    return str(990_000_000 + number)


def variant(number: int) -> str:
    return str(991_000_000 + number)


def order_of(number: int, dice: random.Random, given: argparse.Namespace) -> dict[str, Any]:
    quantity, item = dice.choice([1, 1, 2]), dice.randrange(ITEMS)
    total = f"{PRICE * quantity:.2f}"
    now = datetime.now(timezone.utc).isoformat(timespec="seconds")
    tax = {"title": "VAT", "rate": 0.19, "price": f"{PRICE * quantity * 19 / 119:.2f}"}
    ids = {"product_id": int(product(item)), "variant_id": int(variant(item)), "sku": f"BENCH-{item}"}
    line = {"id": number + 1, **ids, "title": "Bench", "name": "Bench", "quantity": quantity, "current_quantity": quantity}
    line |= {"price": f"{PRICE:.2f}", "total_discount": "0.00", "discount_allocations": [], "tax_lines": [tax], "gift_card": False}
    person = dice.randrange(given.customers)
    name = {"first_name": "Jane", "last_name": f"Doe {person % given.names}"}
    address = {**name, "address1": "Weg 1", "city": "Berlin", "zip": "10115", "country": "Germany", "country_code": "DE"}
    customer = {"id": 880_000_000 + person, "email": f"bench{person}@example.com", **name, "default_address": address}
    payment = {"id": number + 2, "kind": "sale", "status": "success", "gateway": "shopify_payments", "amount": total, "processed_at": now}
    return {
        **{"id": number, "name": f"#B{number}", "created_at": now, "updated_at": now, "processed_at": now, "test": False},
        **{"currency": given.currency, "taxes_included": True, "financial_status": "paid", "fulfillment_status": None},
        **{"line_items": [line], "shipping_lines": [], "total_price": total, "current_total_price": total, "refunds": []},
        **{"customer": customer, "billing_address": address, "shipping_address": address, "fulfillments": []},
        **{"transactions": [payment], "payment_gateway_names": ["shopify_payments"], "note": None, "cancelled_at": None},
    }


def deliver(given: argparse.Namespace, order: dict[str, Any]) -> None:
    body = body_of(order)
    moment = datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%f000Z")
    sent = {"Content-Type": "application/json", "X-Shopify-Topic": "orders/create", "X-Shopify-Shop-Domain": given.shop}
    sent |= {"X-Shopify-Webhook-Id": str(uuid.uuid4()), "X-Shopify-Triggered-At": moment}
    sent["X-Shopify-Hmac-Sha256"] = sign(body, os.environ["SHOPIFY_API_SECRET"].encode())
    url = urllib.parse.urlsplit(given.hook)
    connection = connect(url, given.hook_name)
    connection.request("POST", HOOK, body, {**sent, **({"Host": given.hook_name} if given.hook_name else {})})
    if (status := connection.getresponse().status) != 200:
        raise SystemExit(f"the door answered HTTP {status}")
    connection.close()


def share(values: list[float], part: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * part))] if values else float("nan")


def run(given: argparse.Namespace) -> dict[str, Any]:
    site, dice = Erpnext(given.site, given.name), random.Random(given.seed)
    zone = site.zone()
    site.make_items()
    first = int(time.time()) * 1_000_000
    orders = [order_of(first + number * 10, dice, given) for number in range(given.orders)]
    sent: dict[str, float] = {}

    def shop() -> None:
        for number, order in enumerate(orders):
            if given.an_hour:
                time.sleep(max(0.0, began + number * 3600 / given.an_hour - time.time()))
            sent[str(order["id"])] = time.time()
            deliver(given, order)

    began = time.time()
    threading.Thread(target=shop, daemon=True).start()
    made, pages, moved, before = {}, [], time.monotonic(), -1
    # Ids as texts, all of one length.
    bounds = [["shopify_order_id", ">=", str(first)], ["shopify_order_id", "<=", str(orders[-1]["id"])], ["docstatus", "=", 1]]
    while len(made) < given.orders and time.monotonic() - moved < STANDSTILL:
        time.sleep(LOOK)
        asked = time.monotonic()
        paid = site.list("Payment Entry", ["shopify_order_id", "modified"], bounds)
        pages.append(time.monotonic() - asked)
        made = {row["shopify_order_id"]: moment(row["modified"], zone) for row in paid}
        if len(made) != before:
            before, moved = len(made), time.monotonic()
    sales = site.list("Sales Order", ["shopify_order_id", "creation"], bounds)
    waits = [moment(row["creation"], zone) - sent[row["shopify_order_id"]] for row in sales if row["shopify_order_id"] in sent]
    since = datetime.fromtimestamp(began, zone).strftime("%Y-%m-%d %H:%M:%S")
    rows = site.list("Ecommerce Integration Log", ["status", "message"], [["creation", ">=", since], ["integration", "=", "shopify"]])
    ended = max(made.values(), default=time.time())
    return {
        "orders": len(made),
        "orders-an-hour": round(len(made) * 3600 / (ended - began)),
        "seconds-to-sales-order-p50": round(share(waits, 0.5), 1),
        "seconds-to-sales-order-p95": round(share(waits, 0.95), 1),
        "page-p95-ms": round(share(pages, 0.95) * 1000),
        "errors": sum(row["status"] in ("Error", "Invalid") for row in rows) + given.orders - len(made),
        "races": sum("another order was at work" in str(row["message"]) for row in rows),
    }


def moment(text: str, zone: ZoneInfo) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=zone).timestamp()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="bench:orders", description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--site", required=True, help="where ERPNext's pages answer")
    parser.add_argument("--name", required=True, help="the site's name")
    parser.add_argument("--hook", required=True, help="where Shopify delivers")
    parser.add_argument("--hook-name", default="", help="its host name, where --hook is an address")
    parser.add_argument("--shop", required=True, help="the shop's domain, <name>.myshopify.com")
    parser.add_argument("--orders", type=int, default=60)
    parser.add_argument("--an-hour", type=int, default=0, help="orders placed an hour; 0: all at once")
    parser.add_argument("--customers", type=int, default=1000)
    parser.add_argument("--names", type=int, default=1000, help="names that these customers share")
    parser.add_argument("--currency", default="EUR")
    parser.add_argument("--seed", type=int, default=18)
    for name, value in run(parser.parse_args()).items():
        print(f"{name}: {value}")
    sys.stdout.flush()
