import * as pulumi from "@pulumi/pulumi";

/** The part of an output that Pulumi keeps out of its typings; unlike `apply` it rejects when something went wrong. */
interface Awaitable<T> {
  promise(): Promise<T>;
}

/** The value of an output, for a test to await; undefined where it is unknown in a preview. */
export async function valueOf<T>(output: pulumi.Input<T>): Promise<pulumi.Unwrap<T>> {
  return (pulumi.output(output) as unknown as Awaitable<pulumi.Unwrap<T>>).promise();
}
