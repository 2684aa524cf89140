// From what pip, venv or the file system said to one sentence that a person can act on.
//
// Invariant: the first rule that fits decides; causes stand before their consequences, which pip prints too
// ("No matching distribution" after every failed connection).

export type FailureKind =
  | "disk"
  | "readOnly"
  | "proxy"
  | "certificate"
  | "login"
  | "network"
  | "hash"
  | "package"
  | "python"
  | "unknown";

/** Setting up did not succeed; the message is one sentence with the way out. */
export class SetUpError extends Error {
  override readonly name = "SetUpError";

  constructor(
    readonly kind: FailureKind,
    sentence: string,
  ) {
    super(sentence);
  }
}

const UNREACHED = "the package index could not be reached; check the network connection and try again.";

const RULES: [FailureKind, RegExp, string][] = [
  [
    "disk",
    /ENOSPC|EDQUOT|No space left on device|Disk quota exceeded|not enough space on the disk|\bErrno 28\b/i,
    "the disk is full; make room (about 500 MB) and try again.",
  ],
  [
    "proxy",
    /ProxyError|407 Proxy|Proxy Authentication|Cannot connect to proxy|Tunnel connection failed/i,
    "the proxy did not let the download through; check VS Code's setting http.proxy and try again.",
  ],
  [
    "certificate",
    /CERTIFICATE_VERIFY_FAILED|SSLCertVerificationError|SSLError/i,
    "the package index's certificate is not trusted here; name your network's certificate in the variable PIP_CERT and try again.",
  ],
  [
    "login",
    /\b(?:401|403)\b(?: Client)? (?:Error|Unauthorized|Forbidden)|HTTP error (?:401|403)|User for .*:/i,
    "the package index refused access; check pip's configuration and try again.",
  ],
  [
    "network",
    new RegExp(
      "NewConnectionError|NameResolutionError|getaddrinfo failed|Name or service not known|Network is unreachable|" +
        "Temporary failure in name resolution|Connection (?:refused|reset|aborted)|RemoteDisconnected|" +
        "Connect(?:ion)?Timeout|ReadTimeout|Max retries exceeded|IncompleteRead|ECONNREFUSED|ENOTFOUND|" +
        "HTTP error 5\\d\\d|\\b5\\d\\d Server Error",
      "i",
    ),
    UNREACHED,
  ],
  [
    "readOnly",
    /EROFS|Read-only file system|\bErrno 30\b|EACCES|EPERM|Permission denied|Access is denied/i,
    "the extension's folder cannot be written to; check its permissions and try again.",
  ],
  [
    "hash",
    /DO NOT MATCH THE HASHES|HashMismatch/i,
    "a package is not the one that was checked for this version; clear pip's cache, or ask who runs your package index, and try again.",
  ],
  [
    "package",
    /No matching distribution found|Could not find a version that satisfies/i,
    "there is no ready-made package for this Python and this machine; choose another Python (3.11 to 3.14) and try again.",
  ],
];

// pip does not always say that it reached nobody: then nothing came, and the very first package has no version.
const SOMETHING_CAME = /^\s*(?:Downloading|Using cached|Processing) /m;

/** What went wrong while `doing`, from everything that was printed. */
export function failureFrom(output: string, doing: string): SetUpError {
  for (const [kind, pattern, sentence] of RULES) {
    if (pattern.test(output)) {
      const unreached = kind === "package" && !SOMETHING_CAME.test(output);
      return unreached ? new SetUpError("network", UNREACHED) : new SetUpError(kind, sentence);
    }
  }
  return new SetUpError("unknown", `${doing} failed; the log says why.`);
}
