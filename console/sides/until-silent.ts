import { ClientError, ConnectionError, isGatewayFailure, type Send } from "../../clients/http";

/** How many requests in a row a side may leave without an answer of its own. */
const FAILURES = 4;

/**
 * Asks a side no more in this invocation once it has left some requests in a row without an answer: every further question
 * would wait as long, and the other side's figures would come too late. @throws ClientError
 */
export function untilSilent(send: Send, host: string): Send {
  let failures = 0;
  return async (request) => {
    if (failures >= FAILURES) throw new ClientError(`${host} does not answer`, "wait for the next minute");
    try {
      const answer = await send(request);
      failures = isGatewayFailure(answer.status) ? failures + 1 : 0;
      return answer;
    } catch (error) {
      if (error instanceof ConnectionError) failures += 1;
      throw error;
    }
  };
}
