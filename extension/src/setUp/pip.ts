// How pip is called, and how far it has come.
//
// Invariant: the user's own index, certificate and cache settings hold; those that would install elsewhere do not.

/** What pip is called with in `python`'s environment. */
export function pip(python: string, ...args: string[]): string[] {
  return [python, "-I", "-m", "pip", "--no-input", "--disable-pip-version-check", "--no-color", ...args];
}

// They would take the packages out of the environment, or refuse to install into it.
const ELSEWHERE = ["PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PIP_DRY_RUN", "PIP_REPORT", "PIP_PYTHON"];

/** The variables for pip: `env` without what leads elsewhere, with VS Code's proxy where there is one. */
export function pipVariables(env: NodeJS.ProcessEnv, proxy: string): NodeJS.ProcessEnv {
  const variables: NodeJS.ProcessEnv = { ...env, PIP_USER: "0", PIP_PROGRESS_BAR: "off", PYTHONUTF8: "1" };
  for (const name of ELSEWHERE) {
    delete variables[name];
  }
  if (proxy) {
    Object.assign(variables, { HTTP_PROXY: proxy, HTTPS_PROXY: proxy, http_proxy: proxy, https_proxy: proxy });
  }
  return variables;
}

/** How many packages a file of requirements names. */
export function countPackages(requirements: string): number {
  return requirements.split("\n").filter(line => /^[A-Za-z0-9][\w.-]*==/.test(line)).length;
}

/** Whether a line of pip's output says that it has come to the next package. */
export function isNextPackage(line: string): boolean {
  return /^(?:Collecting |Processing |Ignoring |Requirement already satisfied)/.test(line);
}
