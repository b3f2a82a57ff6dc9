/** What a cloud's API answers when it refuses; `status` is the HTTP status the real API uses. */
export class CloudError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
    this.name = "CloudError";
  }
}
