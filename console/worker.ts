import { consoleWorker } from "./console-worker";

/** The Sync Console as Cloudflare runs it: requests to its address, and its schedule of every minute. */
export default consoleWorker();
