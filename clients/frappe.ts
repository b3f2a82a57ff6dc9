import { FrappeApi, type FrappeApiOptions } from "./frappe-api";
import { send } from "./node-http";

export {
  FrappeError,
  type FrappeDocumentFields,
  type FrappeErrorKind,
  type FrappeListOptions,
  type FrappeRow,
  type FrappeScalar,
  type FrappeValue,
} from "./frappe-api";

export type FrappeClientOptions = Omit<FrappeApiOptions, "send">;

/** {@link FrappeApi} over Node's own HTTP client. */
export class FrappeClient extends FrappeApi {
  constructor(options: FrappeClientOptions) {
    super({ ...options, send });
  }
}
