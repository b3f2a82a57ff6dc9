from frappe import state


def add_permission(doctype, role, permlevel=0, ptype=None):
    name = f"{doctype} {role}"
    rules = state().setdefault("Custom DocPerm", {})
    assert name not in rules
    rules[name] = {"parent": doctype, "role": role, ptype or "read": 1}
