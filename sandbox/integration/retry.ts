/**
 * A port that was free when a stand-in chose it may be taken before it is bound, by whatever else runs on the machine. A test
 * that fails is run once more, and says why it failed the first time.
 */
jest.retryTimes(1, { logErrorsBeforeRetry: true });
