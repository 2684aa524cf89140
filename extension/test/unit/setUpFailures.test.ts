// What pip and the file system print becomes one sentence with the way out.
import { expect, test } from "vitest";
import { failureFrom } from "../../src/setUp/failures.ts";
import { countPackages, isNextPackage, pip, pipVariables } from "../../src/setUp/pip.ts";

const NONE_FOUND = "ERROR: Could not find a version that satisfies the requirement a==1 (from versions: none)\n";

test.each([
  ["disk", "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device"],
  ["disk", "ENOSPC: no space left on device, mkdir '/x'"],
  ["readOnly", "EROFS: read-only file system, mkdir '/x'"],
  ["readOnly", "Error: [Errno 13] Permission denied: '/x'"],
  ["proxy", `WARNING: Retrying after ProxyError('Cannot connect to proxy.', NewConnectionError('...'))\n${NONE_FOUND}`],
  ["certificate", `SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED]'))\n${NONE_FOUND}`],
  ["login", "ERROR: HTTP error 403 while getting https://index/a.whl"],
  ["login", "401 Client Error: Unauthorized for url: https://index/simple/a/"],
  ["network", `WARNING: Retrying ... NewConnectionError: [Errno 111] Connection refused\n${NONE_FOUND}`],
  ["network", `[Errno -2] Name or service not known\nERROR: No matching distribution found for a==1`],
  ["network", NONE_FOUND],
  ["hash", "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE."],
  ["package", `Collecting a==1\n  Using cached a-1-py3-none-any.whl (1 kB)\n${NONE_FOUND}`],
])("%s", (kind, output) => {
  const failure = failureFrom(output, "Installing packages");
  expect(failure.kind).toBe(kind);
  expect(failure.message).toMatch(/^[a-z].*; .*try again\.$/s);
  expect(failure.message).not.toContain("\n");
});

test("what is not known is told with what was being done", () => {
  expect(failureFrom("Segmentation fault", "Making an environment").message).toBe(
    "Making an environment failed; the log says why.",
  );
});

test("the user's pip settings hold, but for those that install elsewhere", () => {
  const given = { PIP_INDEX_URL: "https://index", PIP_TARGET: "/t", PIP_USER: "1", HTTPS_PROXY: "http://old" };
  const variables = pipVariables(given, "");
  expect(variables).toMatchObject({ PIP_INDEX_URL: "https://index", PIP_USER: "0", HTTPS_PROXY: "http://old" });
  expect(variables).not.toHaveProperty("PIP_TARGET");
  expect(pipVariables(given, "http://proxy:3128").HTTPS_PROXY).toBe("http://proxy:3128");
});

test("pip runs isolated from the folder and the variables of Python", () => {
  expect(pip("/e/bin/python", "install", "a").slice(0, 4)).toEqual(["/e/bin/python", "-I", "-m", "pip"]);
});

test("packages are counted in the file and in the output", () => {
  const requirements =
    "a==1 \\\n    --hash=sha256:00\nb-c==2.0 ; sys_platform == 'win32' \\\n    --hash=sha256:11\n# d==3\n";
  expect(countPackages(requirements)).toBe(2);
  const lines = ["Collecting a==1", "  Downloading a.whl", "Ignoring b-c: markers", "Installing collected packages: a"];
  expect(lines.filter(isNextPackage)).toEqual(["Collecting a==1", "Ignoring b-c: markers"]);
});
