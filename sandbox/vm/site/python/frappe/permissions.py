from frappe import ask


def add_permission(doctype, role, permlevel=0, ptype=None):
    ask("add_permission", doctype, role, ptype or "read")
