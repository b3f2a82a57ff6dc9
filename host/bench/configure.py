"""frappe_docker's configurator: the image's apps, and what every process of the bench reads first, with the password of Redis.

Its own command (compose.yaml of frappe_docker at the pinned commit) gives the same to bench, key by key, as arguments. Here they are one write:
a process that starts meanwhile reads the old file or the new one, and never a Redis without its password.
"""

import json
import os
import pathlib
import urllib.parse

SECRETS = pathlib.Path(os.environ.get("SECRETS", "/run/secrets"))

password = (SECRETS / "redis-password").read_text()


def redis(server):
    return urllib.parse.urlunsplit(("redis", f":{password}@{os.environ[server]}", "", "", ""))


config_file = pathlib.Path("sites/common_site_config.json")
config = json.loads(config_file.read_text()) if config_file.exists() else {}
config |= {
    "db_host": os.environ["DB_HOST"],
    "db_port": int(os.environ["DB_PORT"]),
    "redis_cache": redis("REDIS_CACHE"),
    "redis_queue": redis("REDIS_QUEUE"),
    "redis_socketio": redis("REDIS_QUEUE"),
    "socketio_port": int(os.environ["SOCKETIO_PORT"]),
    "chromium_path": "/usr/bin/chromium-headless-shell",
}


def write(file, text, mode):
    new = file.with_name(f".{file.name}.new")
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_CREAT | os.O_EXCL | os.O_WRONLY, mode), "w") as opened:
        opened.write(text)
    new.replace(file)


apps = sorted(app.name for app in pathlib.Path("apps").iterdir() if not app.name.startswith("."))
write(pathlib.Path("sites/apps.txt"), "".join(f"{app}\n" for app in apps), 0o644)
write(config_file, json.dumps(config, indent=1, sort_keys=True), 0o600)
