import * as release from "./release";
import { faultsAfter } from "./testing/refusals";

jest.mock("./release", () => ({ __esModule: true, ...jest.requireActual<typeof release>("./release") }));

const withApp = (): readonly string[] => faultsAfter(({ erpnext }) => (erpnext.booksApp = true));
const others = (...names: readonly string[]): void => {
  jest.spyOn(release, "knownReleases").mockReturnValue(["0.9", "1.0", ...names]);
  jest.spyOn(release, "holdsBooksApp").mockImplementation(({ recipe }) => recipe === "new");
  jest.spyOn(release, "readRelease").mockImplementation((version) => {
    const read = jest.requireActual<typeof release>("./release").readRelease("1.0");
    if (read === undefined || !("release" in read)) return read;
    return { release: { ...read.release, version, recipe: version === "1.1" ? "new" : "old" } };
  });
};

afterEach(() => {
  jest.restoreAllMocks();
});

test("the release in the repository holds the app", () => {
  expect(withApp()).toEqual([]);
});

test("a release from before the app is refused, and the newest that has it is named", () => {
  others("1.1");
  expect(withApp()).toEqual([
    '"erpnext.booksApp" is true, and images of the release "1.0" do not hold the app shopify_books: write imageTag: "1.1", or remove the line',
  ]);
  others();
  expect(withApp()).toEqual([
    '"erpnext.booksApp" is true, and images of the release "1.0" do not hold the app shopify_books: make a release with it (./stack release), or remove the line',
  ]);
});

test("of a tag that is no release only its builder knows", () => {
  jest.spyOn(release, "readRelease").mockReturnValue(undefined);
  expect(withApp().filter((fault) => fault.includes("booksApp"))).toEqual([]);
});
