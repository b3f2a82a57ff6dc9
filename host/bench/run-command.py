"""A bench command in which "@<name>" stands for a secret. bench itself would show it in its arguments and write it to logs."""

import json
import os
import sys

secrets = json.load(sys.stdin)
arguments = json.loads(os.environ["ARGUMENTS"])

from frappe.utils import bench_helper  # noqa: E402

sys.argv = ["bench", "frappe"] + [secrets[a[1:]] if a.startswith("@") else a for a in arguments]
bench_helper.main()
