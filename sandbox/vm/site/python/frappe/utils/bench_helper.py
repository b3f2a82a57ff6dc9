"""bench's own commands, inside of this process as the real ones are."""

import sys

import frappe


def main():
    answer = frappe.ask("bench", sys.argv[2:])
    sys.stdout.write(answer["out"])
    sys.stderr.write(answer["err"])
    sys.exit(answer["code"])
