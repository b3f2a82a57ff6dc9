/** Files of frappe_docker as far as they matter here: its services, their volumes and what they wait for. Written for this purpose. */
export const FRAPPE_DOCKER: Readonly<Record<string, string>> = {
  "compose.yaml": `x-backend: &backend
  image: \${CUSTOM_IMAGE:-frappe/erpnext}:\${CUSTOM_TAG:-latest}
  restart: unless-stopped
  depends_on:
    configurator:
      condition: service_completed_successfully
  volumes:
    - sites:/home/frappe/frappe-bench/sites

services:
  configurator:
    <<: *backend
    restart: on-failure
    entrypoint: [bash, -c]
    command: ["ls -1 apps > sites/apps.txt"]
    environment:
      SOCKETIO_PORT: 9000
    depends_on: {}
  backend:
    <<: *backend
  frontend:
    <<: *backend
    command: [nginx-entrypoint.sh]
    depends_on: [backend, websocket]
  websocket:
    <<: *backend
    command: [node, socketio.js]
  queue-short:
    <<: *backend
    command: [bench, worker, --queue, "short,default"]
  queue-long:
    <<: *backend
    command: [bench, worker, --queue, "long,default,short"]
  scheduler:
    <<: *backend
    command: [bench, schedule]

volumes:
  sites:
`,
  "overrides/compose.mariadb.yaml": `services:
  configurator:
    environment:
      DB_HOST: db
      DB_PORT: "3306"
    depends_on:
      db:
        condition: service_healthy
  db:
    image: mariadb:11.8
    restart: unless-stopped
    healthcheck:
      test: healthcheck.sh --connect --innodb_initialized
    environment:
      MYSQL_ROOT_PASSWORD: \${DB_PASSWORD:-123}
    volumes:
      - db-data:/var/lib/mysql

volumes:
  db-data:
`,
  "overrides/compose.redis.yaml": `services:
  configurator:
    environment:
      REDIS_CACHE: redis-cache:6379
      REDIS_QUEUE: redis-queue:6379
    depends_on: [redis-cache, redis-queue]
  redis-cache:
    image: redis:6.2-alpine
    restart: unless-stopped
  redis-queue:
    image: redis:6.2-alpine
    restart: unless-stopped
    volumes:
      - redis-queue-data:/data

volumes:
  redis-queue-data:
`,
};
